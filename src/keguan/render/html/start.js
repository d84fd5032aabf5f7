document.body.append(spoken);
startEvidence();
startCopying();
startSearch();
window.addEventListener('hashchange', openTarget);
openTarget();
followReading();
Promise.all([unpacked('echarts'), unpacked('figures'), document.fonts && document.fonts.ready]).then(function (found) {
  startCharts(found[0], found[1]);
}, function () {});
