// For engines that cannot run the kiosk's wasm, or where it fails: shows the HTML that the
// server draws (design 5.4, `html`). ECMAScript 5 only, as such engines have no more.
function gantryLite() {
  if (window.gantryLiteRuns) { return; }
  window.gantryLiteRuns = true;
  // A stand-alone player has a display's whole address, once it has one.
  var apart = window.gantryDisplay;
  if (apart === "") { return; }
  var root = document.getElementById("gantry");
  var page = JSON.parse(document.getElementById("gantry-state").textContent);
  var socket = null, failures = 0, heardAt = Date.now() - (window.gantryAge || 0);
  var shownAt = heardAt, triedAt = 0, lost = true;
  var retryAt = 0, epoch = page.epoch, seq = page.seq, ended = false;
  var blank = false, words = "", identifyUntil = 0, covered = "";
  var setup = { scale: "fit", x: 0, y: 0, margin: 0, rotate: 0, delay: 0, card: 0 };
  var home = apart || location.protocol + "//" + location.host + "/d/" + page.code;
  var offset = null, doubted = null, told = 0, timer = 0, leaving = false, delayed = 0;
  var guessed = false;
  var cover = document.createElement("div");
  cover.innerHTML = "<div class='cover-middle'><div class='cover-texts'>"
    + "<p class='cover-text' dir='auto'></p><p class='cover-note'></p></div></div>";
  document.body.appendChild(cover);

  // What is said wrongly counts as not said (render's `stage.rs`).
  location.search.replace(/[?&]([a-z]+)=([^&]*)/g, function (all, name, value) {
    var number = /^-?\d{1,5}(\.\d{1,3})?$/.test(value) ? +value : NaN;
    if (name === "scale" ? /^(fit|fill|one)$/.test(value)
      : name === "rotate" ? /^(0|90|180|270)$/.test(value)
      : name === "x" || name === "y" ? /^-?\d{1,5}$/.test(value)
      : name === "margin" ? number >= 0 && number <= 25
      : name === "delay" ? number >= 0 && number <= 60
      : name === "card" && value === "1") {
      setup[name] = name === "scale" ? value : number;
    }
  });
  function transform(element, matrix) {
    var style = element.style;
    style.left = style.top = style.margin = 0;
    style.webkitTransformOrigin = style.transformOrigin = "0 0";
    style.webkitTransform = style.transform = "matrix(" + matrix + ")";
  }
  function place() {
    var one = setup.scale === "one", body = document.body, turn = setup.rotate;
    var width = window.innerWidth, height = window.innerHeight;
    var left = one ? 0 : Math.floor(width * setup.margin / 100);
    var top = one ? 0 : Math.floor(height * setup.margin / 100);
    width -= 2 * left;
    height -= 2 * top;
    left += turn === 90 || turn === 180 ? width : 0;
    top += turn === 180 || turn === 270 ? height : 0;
    if (turn % 180) { turn = width; width = height; height = turn; }
    document.documentElement.style.fontSize = "100px";
    body.style.width = width + "px";
    body.style.height = height + "px";
    transform(body, ["1,0,0,1,", "0,1,-1,0,", "-1,0,0,-1,", "0,-1,1,0,"][setup.rotate / 90]
      + left + "," + top);
    var canvases = root.querySelectorAll(".canvas"), best = -1, least = Infinity, index, unlike;
    var w, h, scale, x, y;
    for (index = 0; index < canvases.length; index += 1) {
      w = parseFloat(canvases[index].style.width) * height;
      h = parseFloat(canvases[index].style.height) * width;
      unlike = Math.floor(Math.max(w, h) * 1000 / Math.min(w, h));
      if (unlike < least) { least = unlike; best = index; }
      canvases[index].style.display = "none";
    }
    if (best < 0) { return; }
    w = Math.round(parseFloat(canvases[best].style.width) * 100);
    h = Math.round(parseFloat(canvases[best].style.height) * 100);
    scale = one ? 1 / (window.devicePixelRatio || 1)
      : Math[setup.scale === "fit" ? "min" : "max"](width / w, height / h);
    x = one ? setup.x * scale : Math.floor((width - w * scale) / 2);
    y = one ? setup.y * scale : Math.floor((height - h * scale) / 2);
    canvases[best].style.display = "block";
    transform(canvases[best], [scale, 0, 0, scale, x, y]);
  }

  // A message is heard a little after it was sent, never before: the difference most in the
  // server's favor is nearest to the truth. Two alike that are far behind tell of a step.
  function mono() { return window.performance && performance.now ? performance.now() : Date.now(); }
  function hearClock(sentAt) {
    if (guessed) { guessed = false; offset = null; }
    var difference = sentAt - mono(), behind = offset !== null && difference < offset - 2000;
    if (behind && doubted !== null && Math.abs(difference - doubted) < 1000) { offset = null; }
    doubted = behind ? difference : null;
    // Clocks part by up to two milliseconds in the ten seconds between pings.
    offset = offset === null ? difference : Math.max(offset - 2, difference);
  }
  function serverNow() {
    var now = mono() + offset;
    if (now > told || now < told - 2000) { told = now; }
    return told;
  }
  function two(number) { return number < 10 ? "0" + number : "" + number; }
  function clockText(seconds) {
    seconds = Math.max(0, seconds);
    var hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
    return (hours ? hours + ":" + two(minutes) : minutes) + ":" + two(seconds % 60);
  }
  // Runs the clocks and reels of the page on, at the very moment at which the next one changes.
  function tick() {
    var wait = 1000, now = serverNow(), all, index;
    function each(name, does) {
      all = root.querySelectorAll("[data-" + name + "]");
      for (index = 0; index < all.length; index += 1) {
        does(all[index], +all[index].getAttribute("data-" + name));
      }
    }
    function says(element, text, from, every) {
      if (text !== null && element.textContent !== text) { element.textContent = text; }
      wait = Math.min(wait, every - ((now - from) % every + every) % every);
    }
    each("since", function (element, at) {
      says(element, clockText(Math.floor((now - at / 1000) / 1000)), at / 1000, 1000);
    });
    each("until", function (element, at) {
      says(element, clockText(Math.ceil((at / 1000 - now) / 1000)), at / 1000, 1000);
    });
    each("day", function (element, zone) {
      var seconds = ((Math.floor(now / 1000) + zone) % 86400 + 86400) % 86400;
      says(element, two(Math.floor(seconds / 3600)) + ":"
        + two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60), 0, 1000);
    });
    each("reel", function (element, every) {
      var pictures = element.children, turn = Math.floor(now / every) % pictures.length, at;
      for (at = 0; at < pictures.length; at += 1) {
        pictures[at].className = at === turn ? "b all" : "b all off";
      }
      says(element, null, 0, every);
    });
    each("run", function (element, once) {
      var style = element.style;
      if (Math.abs(element.gantryOffset - offset) < 100) { return; }
      element.gantryOffset = offset;
      style.webkitAnimationName = style.animationName = "none";
      style.webkitAnimationDelay = style.animationDelay = -(now % once) / 1000 + "s";
      element.offsetWidth;
      style.webkitAnimationName = style.animationName = "";
    });
    clearTimeout(timer);
    timer = setTimeout(tick, wait + 1);
  }
  function show(html) {
    root.innerHTML = apart ? html.replace(/\/d\/.{8}\/qr\//g, home + "/qr/") : html;
    ended = false;
    place();
    tick();
  }

  function layOver() {
    var identify = Date.now() < identifyUntil || setup.card && !blank && !words;
    var size = words.length;
    var text = identify ? "/d/" + page.code : blank ? "" : words;
    var note = identify ? window.innerWidth + " \u00d7 " + window.innerHeight + " \u00b7 lite" : "";
    var look = !identify && !blank && !words ? "cover" : "cover on "
      + (identify ? "large identify" : size < 37 ? "large" : size < 111 ? "middle" : "small");
    if (covered === look + text + note) { return; }
    covered = look + text + note;
    cover.className = look;
    cover.querySelector(".cover-text").textContent = text;
    cover.querySelector(".cover-note").textContent = note;
  }
  function addressOf(code) { return home.replace(/[^\/]*$/, code); }
  // A screen never leaves its picture for a page that might not come.
  function lookAt(code, found) {
    var request = new XMLHttpRequest();
    request.open("HEAD", addressOf(code), true);
    request.timeout = 10000;
    request.onreadystatechange = function () {
      if (request.readyState !== 4) { return; }
      found(request.status === 200,
        request.status === 404 && !!request.getResponseHeader("gantry-display"));
    };
    request.send();
  }
  function end() {
    ended = true;
    delayed += 1;
    root.innerHTML = "<div class='plain'><div class='plain-text'>"
      + "<h1>This display has ended</h1><p>Thank you for watching.</p></div></div>";
  }
  // Not all screens at once.
  function renew(software) {
    if (leaving || !page.software || page.software === software) { return; }
    leaving = true;
    lookAt(page.code, function (here) {
      leaving = here;
      if (here) { setTimeout(function () { location.reload(); }, Math.random() * 20000); }
    });
  }
  function obey(opened, command) {
    function ack(done) {
      try { opened.send(JSON.stringify({ type: "ack", id: command.id, done: done })); }
      catch (error) { /* It is closing, and the screen connects again. */ }
    }
    function leave(code) {
      lookAt(code || page.code, function (here) {
        ack(here);
        if (here) {
          setTimeout(function () {
            if (code) { window.gantryGo(addressOf(code)); } else { location.reload(); }
          }, 300);
        }
      });
    }
    if (command.action === "identify") { identifyUntil = Date.now() + 10000; }
    else if (command.action === "blank") { blank = command.on; }
    else if (command.action === "message") { words = command.text; }
    else if (command.action === "reload") { leave(); return; }
    else if (command.action === "redirect") { leave(command.code); return; }
    else { return; }
    layOver();
    ack(true);
  }
  function ago(seconds) {
    var minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
    return hours ? hours + " h " + two(minutes % 60) + " min"
      : minutes ? minutes + " min " + two(seconds % 60) + " s" : seconds + " s";
  }
  function notice(text) {
    var mark = root.querySelector(".notice");
    if (mark) { mark.className = text ? "notice on" : "notice"; mark.textContent = text; }
  }
  function connect() {
    var opened = new WebSocket(home.replace("http", "ws") + "/live"), said;
    socket = opened;
    triedAt = Date.now();
    // Again whenever it is of another size.
    function greet() {
      var screen = { level: "lite", width: window.innerWidth, height: window.innerHeight,
        version: "" }, size = screen.width + "x" + screen.height;
      if (size === said) { return; }
      said = size;
      opened.send(JSON.stringify({ type: "hello", epoch: epoch, seq: seq, screen: screen }));
    }
    opened.onopen = function () {
      heardAt = Date.now();
      greet();
    };
    opened.onmessage = function (event) {
      var message;
      heardAt = Date.now();
      failures = 0;
      lost = false;
      notice("");
      try { message = JSON.parse(event.data); } catch (error) { return; }
      if (message.type === "html") {
        seq = message.seq;
        shownAt = heardAt;
        if (setup.delay) {
          var of = delayed;
          setTimeout(function () { if (of === delayed) { show(message.html); } },
            setup.delay * 1000);
        } else {
          show(message.html);
        }
      } else if (message.type === "ping") {
        opened.send(JSON.stringify({ type: "pong", sent_at_us: message.sent_at_us,
          screen_at_us: heardAt * 1000, echo: { seq: seq, top: "", age_ms: heardAt - shownAt } }));
        greet();
        hearClock(message.sent_at_us / 1000);
        tick();
        renew(message.software);
      } else if (message.type === "command") {
        obey(opened, message);
      } else if (message.type === "ended") {
        end();
        drop();
      }
    };
    opened.onclose = drop;
  }
  function drop() {
    var wasOpen = !lost;
    if (!socket) { return; }
    socket.onopen = socket.onmessage = socket.onclose = null;
    try { socket.close(); } catch (error) { /* It is gone already. */ }
    socket = null;
    retryAt = Date.now()
      + (ended ? 60000 : Math.min(500 * Math.pow(2, failures), 15000)) * (0.75 + Math.random() / 2);
    failures += 1;
    if (!wasOpen && !ended) {
      // An engine does not tell why it could not connect: the display may be over.
      lookAt(page.code, function (here, gone) { if (gone && !socket) { end(); } });
    }
    lost = true;
  }
  hearClock(page.sent_at_us / 1000);
  // A page may have been kept for long: this counts until the server says it.
  guessed = true;
  place();
  tick();
  window.addEventListener("resize", place);
  setInterval(function () {
    var now = Date.now(), silent = now - heardAt;
    if (socket && Math.min(silent, now - triedAt) > 25000) { drop(); }
    if (!socket && now >= retryAt) { connect(); }
    if (lost && silent > 5000 && !ended) {
      notice("Reconnecting, last update " + ago(Math.floor(silent / 1000)) + " ago");
    }
    layOver();
  }, 500);
}
