"use strict";
(function () {
  document.documentElement.classList.add("js");
  var said = document.getElementById("save-status");

  function copied(button, text) {
    function done() {
      button.textContent = "Copied";
      setTimeout(function () { button.textContent = "Copy"; }, 4000);
    }
    function select() {
      var range = document.createRange();
      range.selectNodeContents(button.previousElementSibling);
      var selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
    }
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(done, select);
    } else {
      select();
    }
  }

  document.querySelectorAll("button[data-copy]").forEach(function (button) {
    button.addEventListener("click", function () {
      copied(button, button.previousElementSibling.textContent);
    });
  });

  // Open without a script, where they are the only way to answer.
  document.querySelectorAll("details.commands").forEach(function (each) { each.open = false; });

  // Filled when it is opened: a choice among all for every connection is a page too large.
  document.querySelectorAll("details.assign").forEach(function (each) {
    var choice = each.querySelector("select"), told = each.querySelector("pre");
    each.addEventListener("toggle", function () {
      if (each.open && !choice.options.length) {
        choice.appendChild(document.getElementById("registrants").content.cloneNode(true));
      }
    });
    choice.addEventListener("change", function () {
      told.textContent = choice.dataset.before + (choice.value || "PARTICIPANT") + choice.dataset.after;
    });
  });

  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (each) { each.open = true; });
  });

  var form = document.getElementById("answers");
  if (!form) { return; }

  function cards() { return Array.prototype.slice.call(form.querySelectorAll("[data-question]")); }

  function chosen(card) {
    var input = card.querySelector("input[type=radio]:checked");
    return input && input.value !== "later" ? input : null;
  }

  function count() {
    var answered = cards().filter(chosen).length;
    said.textContent = answered + " of " + cards().length + " answered.";
  }

  function refuse(text, field) {
    said.textContent = text;
    var fold = field.closest("details");
    if (fold) { fold.open = true; }
    field.focus();
  }

  function pad(number) { return (number < 10 ? "0" : "") + number; }

  function now() {
    var date = new Date(), offset = -date.getTimezoneOffset(), away = Math.abs(offset);
    return date.getFullYear() + "-" + pad(date.getMonth() + 1) + "-" + pad(date.getDate()) + "T" +
      pad(date.getHours()) + ":" + pad(date.getMinutes()) + ":" + pad(date.getSeconds()) +
      (offset < 0 ? "-" : "+") + pad(Math.floor(away / 60)) + ":" + pad(away % 60);
  }

  // A JSON string is a TOML basic string; DEL alone is allowed in one and not in the other.
  function text(value) { return JSON.stringify(value).replace(/\u007f/g, "\\u007f"); }

  form.addEventListener("change", count);
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var who = form.elements.by, answers = [], open = cards();
    for (var i = 0; i < open.length; i += 1) {
      var input = chosen(open[i]), why = open[i].querySelector("textarea");
      if (!input) { continue; }
      if (!why.value.trim()) {
        refuse("Question " + open[i].dataset.question + " needs a reason.", why);
        return;
      }
      JSON.parse(input.dataset.acts).forEach(function (act) {
        answers.push(act + "\nby = " + text(who.value.trim()) + "\nat = " + now() +
          "\nwhy = " + text(why.value.trim()) + "\n");
      });
    }
    if (!answers.length) { said.textContent = "No question is answered yet."; return; }
    if (!who.value.trim()) { refuse("Give your name, for the record.", who); return; }
    var before = form.dataset.before, link = document.createElement("a");
    var whole = before + (before && !/\n$/.test(before) ? "\n" : "") +
      (before ? "\n" : "") + answers.join("\n");
    link.href = URL.createObjectURL(new Blob([whole], { type: "application/toml" }));
    link.download = form.dataset.file;
    link.click();
    said.textContent = "Saved. Put the file beside course.toml and run collect again.";
  });
  count();
}());
