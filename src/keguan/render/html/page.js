(function () {
  'use strict';
  var settings = JSON.parse(document.getElementById('page').textContent);
  var words = settings.words;
  var dark = window.matchMedia('(prefers-color-scheme: dark)');
  var charts = [];

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /* Charts: the picture in the page is replaced by one that answers the pointer. */
  function themed(text) {
    if (!dark.matches) return JSON.parse(text);
    return JSON.parse(text, function (key, value) {
      return typeof value === 'string' && settings.dark[value] ? settings.dark[value] : value;
    });
  }

  function line(item) {
    var row = element('p');
    var dot = element('span', 'dot');
    dot.style.background = typeof item.color === 'string' ? item.color : '#888';
    row.append(dot, element('span', '', item.seriesName || item.name), element('b', '', item.data.shown));
    return row;
  }

  function tip(found) {
    var items = (Array.isArray(found) ? found : [found]).filter(function (item) {
      return item.data && item.data.shown !== undefined && item.data.value !== null;
    });
    if (!items.length) return '';
    var box = element('div', 'tip');
    var first = items[0];
    var at = first.data.at || first.name || '';
    if (first.seriesType === 'sankey') at = first.data.source + ' → ' + first.data.target;
    if (at) box.append(element('p', 'at', at));
    items.slice(0, 12).forEach(function (item) {
      var plain = !/^series/.test(item.seriesName || '') ? item.seriesName : item.name;
      box.append(line({ color: item.color, seriesName: plain, name: item.name, data: item.data }));
    });
    return box;
  }

  function narrowed(option, width) {
    if (width > 520) return option;
    [].concat(option.yAxis || []).forEach(function (axis) {
      if (axis.type === 'category' && axis.axisLabel && axis.axisLabel.width) axis.axisLabel.width = 92;
    });
    [].concat(option.xAxis || []).forEach(function (axis) {
      if (axis.type === 'category' && axis.axisLabel && axis.axisLabel.interval === 0) {
        Object.assign(axis.axisLabel, { rotate: 45, width: 76, overflow: 'truncate' });
      }
    });
    (option.series || []).forEach(function (series) {
      if (series.type === 'bar') series.labelLayout = { hideOverlap: true };
      if (series.type === 'heatmap' && series.label) series.label.show = false;
    });
    return option;
  }

  function draw(entry) {
    if (entry.chart) entry.chart.dispose();
    var content = themed(entry.text);
    var width = entry.place.clientWidth;
    if (!width) return;
    entry.canvas.hidden = false;
    entry.canvas.style.height = content.height + 'px';
    entry.picture.hidden = true;
    entry.picture.style.display = 'none';
    entry.chart = window.echarts.init(entry.canvas, null, { renderer: 'canvas' });
    var option = narrowed(content.option, width);
    var style = getComputedStyle(document.documentElement);
    option.tooltip = Object.assign({}, option.tooltip, {
      formatter: tip,
      confine: true,
      backgroundColor: style.getPropertyValue('--paper').trim(),
      borderColor: style.getPropertyValue('--rule').trim(),
      padding: [8, 12]
    });
    entry.chart.setOption(option);
    entry.width = width;
  }

  function prepare(script) {
    var figure = script.closest('figure');
    var entry = {
      text: script.textContent,
      place: figure.querySelector('.chart'),
      picture: figure.querySelector('.picture'),
      canvas: figure.querySelector('.canvas')
    };
    charts.push(entry);
    toggle(figure, entry);
    return entry;
  }

  function toggle(figure, entry) {
    var data = figure.querySelector('details.data');
    if (!data) return;
    var box = element('span', 'view');
    var chart = element('button', '', words.chart_view);
    var table = element('button', '', words.table);
    function show(asTable) {
      data.open = asTable;
      data.hidden = !asTable;
      data.querySelector('summary').hidden = true;
      entry.place.hidden = asTable;
      chart.setAttribute('aria-pressed', String(!asTable));
      table.setAttribute('aria-pressed', String(asTable));
      if (!asTable && entry.chart && entry.place.clientWidth !== entry.width) draw(entry);
    }
    chart.type = table.type = 'button';
    chart.addEventListener('click', function () { show(false); });
    table.addEventListener('click', function () { show(true); });
    box.append(chart, table);
    figure.querySelector('figcaption').insertBefore(box, figure.querySelector('figcaption .ev'));
    show(false);
  }

  /* The chart library stands packed in the page; where a browser cannot unpack it the pictures stay. */
  function library() {
    var packed = document.getElementById('echarts');
    if (!packed || !window.DecompressionStream) return Promise.reject();
    var bytes = Uint8Array.from(atob(packed.textContent.trim()), function (letter) { return letter.charCodeAt(0); });
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Response(stream).text().then(function (source) {
      var script = element('script');
      script.textContent = source;
      document.head.append(script);
    });
  }

  function startCharts() {
    if (!window.echarts) return;
    var seen = new IntersectionObserver(function (entries) {
      entries.forEach(function (found) {
        if (!found.isIntersecting) return;
        seen.unobserve(found.target);
        draw(charts.filter(function (entry) { return entry.place === found.target; })[0]);
      });
    }, { rootMargin: '400px' });
    document.querySelectorAll('script[data-figure]').forEach(function (script) {
      seen.observe(prepare(script).place);
    });
    var waiting;
    window.addEventListener('resize', function () {
      clearTimeout(waiting);
      waiting = setTimeout(function () {
        charts.forEach(function (entry) {
          if (entry.chart && entry.place.clientWidth && entry.place.clientWidth !== entry.width) draw(entry);
        });
      }, 150);
    });
    dark.addEventListener('change', function () {
      charts.forEach(function (entry) { if (entry.chart) draw(entry); });
    });
  }

  /* Evidence: opened beside the text instead of at the end of it. */
  function copied(source) {
    var copy = source.cloneNode(true);
    copy.removeAttribute('id');
    copy.querySelectorAll('[id]').forEach(function (inner) { inner.removeAttribute('id'); });
    if (copy.tagName === 'DETAILS') copy.open = true;
    return copy;
  }

  function openEvidence(event) {
    var link = event.target.closest('a[data-evidence]');
    if (!link || event.metaKey || event.ctrlKey) return;
    var source = document.getElementById(link.getAttribute('href').slice(1));
    if (!source) return;
    event.preventDefault();
    var drawer = document.getElementById('drawer');
    var bar = element('div', 'bar');
    var close = element('button', '', words.close);
    close.type = 'button';
    close.addEventListener('click', function () { drawer.close(); });
    bar.append(element('span', '', words.evidence), close);
    var inner = element('div', 'inner');
    inner.append(copied(source));
    if (source.id.indexOf('claim-') === 0) {
      var shown = {};
      source.querySelectorAll('a[data-evidence]').forEach(function (below) {
        var id = below.getAttribute('href').slice(1);
        var table = document.getElementById(id);
        if (table && !shown[id]) inner.append(copied(table));
        shown[id] = true;
      });
    }
    drawer.replaceChildren(bar, inner);
    if (!drawer.open) drawer.showModal();
    drawer.scrollTop = 0;
  }

  function openTarget() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (var at = target; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
    target.scrollIntoView();
  }

  /* Contents: the part that is being read. */
  function followReading() {
    var links = {};
    document.querySelectorAll('.side .contents>li>a').forEach(function (link) {
      links[link.getAttribute('href').slice(1)] = link;
    });
    var seen = new IntersectionObserver(function (entries) {
      entries.forEach(function (found) {
        if (!found.isIntersecting || !links[found.target.id]) return;
        Object.keys(links).forEach(function (id) { links[id].classList.toggle('here', id === found.target.id); });
      });
    }, { rootMargin: '0px 0px -75% 0px' });
    document.querySelectorAll('main>section').forEach(function (section) { seen.observe(section); });
  }

  document.addEventListener('click', openEvidence);
  document.getElementById('drawer').addEventListener('click', function (event) {
    if (event.target === this) this.close();
  });
  document.querySelectorAll('.folded a').forEach(function (link) {
    link.addEventListener('click', function () { link.closest('details').open = false; });
  });
  window.addEventListener('hashchange', openTarget);
  openTarget();
  followReading();
  Promise.all([library(), document.fonts && document.fonts.ready]).then(startCharts, function () {});
})();
