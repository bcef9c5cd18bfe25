// What the stand-alone player does beside showing its display: it asks for the display's address
// once, and keeps the last picture for a start without the server. ECMAScript 5 only.
(function () {
  var ADDRESS = "gantry-address", LAST = "gantry-last", KEEP_MS = 5000;
  var root = document.getElementById("gantry"), state = document.getElementById("gantry-state");

  // Some engines keep nothing for a page of a file.
  function kept(name) {
    try { return localStorage.getItem(name) || ""; } catch (error) { return ""; }
  }
  function keep(name, text) {
    try { localStorage.setItem(name, text); } catch (error) { /* It goes on without. */ }
  }

  // The whole address as a display is asked for, or nothing.
  function address(text) {
    var parts = /^\s*(?:(https?):\/\/)?([^\/\s?#@]+)\/d\/([2-9a-hjkmnp-z]{8})\/?\s*(?:[?#].*)?$/i
      .exec(text || "");
    return parts ? (parts[1] || "http").toLowerCase() + "://" + parts[2] + "/d/"
      + parts[3].toLowerCase() : "";
  }

  window.gantryGo = function (to) {
    keep(ADDRESS, to);
    location.hash = to;
    location.reload();
  };

  function plain(title, text) {
    root.innerHTML = "<main class='plain'><div class='plain-text'><h1></h1><p></p></div></main>";
    root.querySelector("h1").textContent = title;
    root.querySelector("p").textContent = text;
    return root.querySelector(".plain-text");
  }
  function ask() {
    var said = decodeURIComponent(location.hash.slice(1));
    document.body.style.cursor = "auto";
    var middle = plain("Which display?", "Type its address as the Displays page of the studio "
      + "shows it, such as http://192.168.1.20:3000/d/abcd2345.");
    var form = document.createElement("form");
    form.innerHTML = "<input aria-label='Address of the display' autocapitalize='none' "
      + "autocomplete='off' spellcheck='false'><button>Show it</button><p role='alert'></p>";
    form.className = "asks";
    form.onsubmit = function () {
      var to = address(form.querySelector("input").value);
      if (to) {
        window.gantryGo(to);
      } else {
        form.querySelector("p").textContent = "That is no address of a display. It has /d/ in it, "
          + "and eight signs after that.";
      }
      return false;
    };
    middle.appendChild(form);
    form.querySelector("input").value = said === "ask" ? kept(ADDRESS) : said;
    form.querySelector("input").focus();
  }

  var hash = location.hash.slice(1), display = "";
  if (hash !== "ask") {
    // What was typed here, what the file beside this one says, what was typed before.
    display = address(decodeURIComponent(hash))
      || hash === "" && (address(window.gantryDisplay) || address(kept(ADDRESS))) || "";
  }
  window.gantryDisplay = display;
  if (!display) {
    ask();
    return;
  }
  document.addEventListener("keydown", function (event) {
    // F2 asks anew.
    if (event.keyCode === 113) {
      location.hash = "ask";
      location.reload();
    }
  });

  var code = display.slice(-8), last = {};
  try { last = JSON.parse(kept(LAST)) || {}; } catch (error) { /* Nothing was kept. */ }
  if (last.display !== display) { last = { display: display }; }
  var now = new Date().getTime();
  var page = last.page || { code: code, software: "", sent_at_us: now * 1000 };
  if (last.heard_at_ms) {
    window.gantryAge = Math.max(0, now - last.heard_at_ms);
    page.sent_at_us += window.gantryAge * 1000;
  }
  state.textContent = JSON.stringify(page);
  if (last.html) {
    root.innerHTML = last.html;
  } else {
    plain("Waiting for the server", display + " is tried again every few seconds. "
      + "To name another display, press F2.");
  }
  window.gantryBegin();

  var waits = false;
  function hear(event) {
    var message, page = last.page;
    try { message = JSON.parse(event.data); } catch (error) { return; }
    if (message.type === "snapshot") {
      last.page = {
        code: code, epoch: message.epoch, seq: message.seq, template: message.template,
        document: message.document, state: message.state, received_at_us: 0,
        sent_at_us: page ? page.sent_at_us : now * 1000, software: ""
      };
    } else if (message.type === "frame" && page) {
      page.seq = message.seq;
      page.state = message.state;
      page.received_at_us = message.received_at_us;
      page.sent_at_us = message.sent_at_us;
    } else if (message.type === "html") {
      last.html = message.html;
    } else if (message.type === "ping" && page) {
      page.sent_at_us = message.sent_at_us;
    } else if (message.type === "ended") {
      last = { display: display };
    }
    last.heard_at_ms = new Date().getTime();
    if (!waits) {
      waits = true;
      setTimeout(function () {
        waits = false;
        keep(LAST, JSON.stringify(last));
      }, KEEP_MS);
    }
  }
  var Socket = window.WebSocket;
  window.WebSocket = function (to) {
    var socket = new Socket(to);
    socket.addEventListener("message", hear);
    return socket;
  };
}());
