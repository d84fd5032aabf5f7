/* Charts: the picture in the page is replaced by one that answers the pointer. */
function paper() {
  return getComputedStyle(document.documentElement).getPropertyValue('--paper').trim();
}

function themed(text) {
  if (!dark.matches) return JSON.parse(text);
  return JSON.parse(text, function (key, value) {
    if (key === 'borderColor' && value === settings.paper) return paper();
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

/* ECharts cuts a label between any two units of UTF-16; a name with emoji or rare characters is cut here,
   between letters, shorter than ECharts would. */
function whole(option) {
  [].concat(option.xAxis || [], option.yAxis || []).forEach(function (axis) {
    var label = axis.axisLabel;
    if (axis.type !== 'category' || !label || !label.width) return;
    label.formatter = function (name) {
      if (!/[\uD800-\uDBFF]/.test(name)) return name;
      var room = label.width / (label.fontSize || 12) - 2;
      var letters = Array.from(name);
      var kept = letters.filter(function (letter) {
        room -= letter > '\u007F' ? 1.4 : 0.7;
        return room > 0;
      });
      return kept.length < letters.length ? kept.join('') + '...' : name;
    };
  });
  return option;
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
  var option = whole(narrowed(content.option, width));
  var style = getComputedStyle(document.documentElement);
  option.tooltip = Object.assign({}, option.tooltip, {
    formatter: tip,
    confine: true,
    backgroundColor: paper(),
    borderColor: style.getPropertyValue('--rule').trim(),
    padding: [8, 12]
  });
  entry.chart.setOption(option);
  entry.width = width;
}

function prepare(picture, content) {
  var figure = picture.closest('figure');
  var entry = {
    text: JSON.stringify(content),
    place: figure.querySelector('.chart'),
    picture: picture,
    canvas: figure.querySelector('.canvas')
  };
  charts.push(entry);
  toggle(figure, entry);
  return entry;
}

var asTable = new Map(); /* figure -> shows its table */

function toggle(figure, entry) {
  var data = figure.querySelector('details.data');
  if (!data) return;
  var box = element('span', 'view');
  var chart = button('', words.chart_view);
  var table = button('', words.table);
  function show(rows) {
    data.open = rows;
    data.hidden = !rows;
    data.querySelector('summary').hidden = true;
    entry.place.hidden = rows;
    chart.setAttribute('aria-pressed', String(!rows));
    table.setAttribute('aria-pressed', String(rows));
    if (!rows && entry.chart && entry.place.clientWidth !== entry.width) draw(entry);
  }
  box.setAttribute('role', 'group');
  box.setAttribute('aria-label', figure.querySelector('figcaption .title').textContent);
  asTable.set(figure, function () { show(true); });
  chart.addEventListener('click', function () { show(false); });
  table.addEventListener('click', function () { show(true); });
  box.append(chart, table);
  acts(figure).prepend(box);
  show(false);
}

/* The chart library and what it draws stand packed in the page; where a browser cannot unpack them the pictures
   stay. */
function unpacked(id) {
  var packed = document.getElementById(id);
  if (!packed || !window.DecompressionStream) return Promise.reject();
  var bytes = Uint8Array.from(atob(packed.textContent.trim()), function (letter) { return letter.charCodeAt(0); });
  var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Response(stream).text();
}

function startCharts(source, listing) {
  var script = element('script');
  script.textContent = source;
  document.head.append(script);
  if (!window.echarts) return;
  var figures = JSON.parse(listing);
  var seen = new IntersectionObserver(function (entries) {
    entries.forEach(function (found) {
      if (!found.isIntersecting) return;
      seen.unobserve(found.target);
      draw(charts.filter(function (entry) { return entry.place === found.target; })[0]);
    });
  }, { rootMargin: '400px' });
  document.querySelectorAll('[data-picture]').forEach(function (picture) {
    seen.observe(prepare(picture, figures[picture.dataset.picture]).place);
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
