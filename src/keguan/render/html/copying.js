/* Copying: the address of a part or a sentence, a table as text for a spreadsheet, a table as a CSV file. */
var FORMULA = /^[\s\uFEFF]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/;
var NUMBER = /^[+-]?\d[\d,]*(\.\d+)?(%|[\u4E07\u4EBF])?$/;

/* A spreadsheet must not calculate what stands in a name. Figures, negative ones too, stay figures. */
function harmless(text) {
  return FORMULA.test(text) && !NUMBER.test(text) ? "'" + text : text;
}

function header(cell) {
  var unit = cell.querySelector('small');
  if (!unit) return cell.textContent;
  var label = cell.textContent.slice(0, -unit.textContent.length).trim();
  return /^zh/.test(document.documentElement.lang)
    ? label + '\uFF08' + unit.textContent + '\uFF09'
    : label + ' (' + unit.textContent + ')';
}

function cells(table) {
  return Array.from(table.rows).map(function (row) {
    return Array.from(row.cells).map(function (cell) {
      return harmless(cell.closest('thead') ? header(cell) : cell.textContent);
    });
  });
}

function tsv(table) {
  return cells(table).map(function (row) {
    return row.map(function (text) { return text.replace(/[\t\r\n]+/g, ' '); }).join('\t');
  }).join('\n');
}

function csv(table) {
  return '\uFEFF' + cells(table).map(function (row) {
    return row.map(function (text) {
      return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
    }).join(',');
  }).join('\r\n') + '\r\n';
}

/* Where the clipboard is not to be had (an old browser, a page without a secure origin), the older way. */
function older(text) {
  var box = element('textarea', 'unseen', text);
  var before = document.activeElement;
  document.body.append(box);
  box.select();
  var done = document.execCommand('copy');
  box.remove();
  if (before) before.focus({ preventScroll: true });
  return done ? Promise.resolve() : Promise.reject();
}

function copyText(text) {
  if (!navigator.clipboard) return older(text);
  return navigator.clipboard.writeText(text).catch(function () { return older(text); });
}

function copier(made, text) {
  var before = made.textContent;
  var waiting;
  function told(word) {
    say(word);
    made.textContent = word;
    clearTimeout(waiting);
    waiting = setTimeout(function () { made.textContent = before; }, 1600);
  }
  made.addEventListener('click', function () {
    copyText(text()).then(function () { told(words.copied); }, function () { told(words.copy_failed); });
  });
  return made;
}

function link(id, title) {
  return copier(button('link', '#', words.copy_link + ' ' + title), function () {
    return location.href.split('#')[0] + '#' + encodeURIComponent(id);
  });
}

function save(table) {
  var address = URL.createObjectURL(new Blob([csv(table)], { type: 'text/csv;charset=utf-8' }));
  var hidden = element('a');
  hidden.href = address;
  hidden.download = table.dataset.table + '.csv';
  hidden.click();
  setTimeout(function () { URL.revokeObjectURL(address); }, 10000);
}

function startCopying() {
  document.querySelectorAll('main>section>h2').forEach(function (title) {
    title.append(link(title.parentElement.id, title.textContent));
  });
  document.querySelectorAll('main h3[id]').forEach(function (title) {
    title.append(link(title.id, title.firstChild.textContent));
  });
  document.querySelectorAll('.claim[id]').forEach(function (claim) {
    claim.querySelector('.meta').append(link(claim.id, claim.id.slice(5)));
  });
  document.querySelectorAll('main figure').forEach(function (figure) {
    var table = figure.querySelector('table[data-place="body"]');
    if (!table) return;
    var title = figure.querySelector('figcaption .title').textContent;
    var box = element('span', 'tools');
    var file = button('', 'CSV', words.save_csv + ' ' + title);
    file.addEventListener('click', function () { save(table); });
    box.append(copier(button('', words.copy, words.copy_table + ' ' + title), function () { return tsv(table); }), file);
    acts(figure).prepend(box);
  });
}
