document.body.append(spoken);
startEvidence();
startCopying();
startSearch();
window.addEventListener('hashchange', openTarget);
openTarget();
followReading();
Promise.all([library(), document.fonts && document.fonts.ready]).then(startCharts, function () {});
