// What the page of a display does beside its board, whoever draws that: it keeps the screen awake,
// lets nobody leave by accident, shows the test card, and tells when pictures are there.
// ECMAScript 5 only.
(function () {
  window.gantryGo = window.gantryGo || function (address) { location.href = address; };

  function stop(event) { event.preventDefault(); }
  function on(names, does) {
    names.split(" ").forEach(function (name) { document.addEventListener(name, does); });
  }
  on("contextmenu dragstart dragover drop selectstart submit", stop);
  on("click auxclick", function (event) {
    var at = event.target;
    while (at && at.nodeName !== "A") { at = at.parentNode; }
    if (at) { stop(event); }
  });
  // The staff load it anew and open its tools; Backspace or Alt and an arrow would leave it.
  on("keydown", function (event) {
    var isFunction = event.keyCode > 111 && event.keyCode < 124;
    if (!isFunction && !event.ctrlKey && !event.metaKey) { stop(event); }
  });

  // Plain http has no wake lock. There a video that plays keeps a screen on: in Chromium one that
  // is in sight and large, or any in older ones (blink, core/html/media/video_wake_lock.cc). It
  // lies behind everything, without a color or a sound.
  var video = null;
  function play() {
    if (!video) {
      video = document.createElement("video");
      video.className = "awake";
      video.muted = video.loop = true;
      video.setAttribute("playsinline", "");
      // Two black pictures of 16 by 16 pixels, a second each: VP8 in WebM.
      video.src = "data:video/webm;base64,"
        + "GkXfo49CgoR3ZWJtQoeBAkKFgQIYU4Bn9xVJqWaOKtexgw9CQESJhET6AAAWVK5rm66Z14EBc8WBAYOBAYaF"
        + "Vl9WUDjghrCBELqBEB9DtnW/54EAo5yBAACAMAEAnQEqEAAQAAzAziWkAANwAP7sZwAAo5yBA+iAMAEAnQEq"
        + "EAAQAAzAziWkAANwAP7sZwAA";
      document.body.insertBefore(video, document.body.firstChild);
    }
    var playing = video.play();
    // An engine that cannot play it goes on without.
    if (playing && playing.then) { playing.then(null, function () {}); }
  }
  function wake() {
    if (document.visibilityState === "hidden") { return; }
    if (!navigator.wakeLock) { play(); return; }
    // It is lost whenever the page is hidden.
    navigator.wakeLock.request("screen").then(null, play);
  }
  on("visibilitychange", wake);
  wake();

  // Whether all pictures and fonts of an element have come, or failed to.
  window.gantryLoads = function (element) {
    var left = 0, kept = [];
    function one() {
      var waits = true;
      left += 1;
      return function () { if (waits) { waits = false; left -= 1; } };
    }
    element.outerHTML.replace(/url\((?:&quot;)?(.*?)(?:&quot;)?\)/g, function (all, address) {
      var image = new Image();
      image.onload = image.onerror = one();
      image.src = address.replace(/&amp;/g, "&");
      kept.push(image);
    });
    if (document.fonts && document.fonts.ready) {
      var ready = one();
      // It is laid out by then, and its fonts are asked for.
      setTimeout(function () { document.fonts.ready.then(ready, ready); }, 0);
    }
    return function () { return left === 0; };
  };

  // The test card, over the canvas to the pixel, while the screen says which one it is.
  var card = null, bars = "", index;
  for (index = 0; index < 16; index += 1) {
    bars += "<i style='left:" + index * 6.25 + "%;background-color:rgb("
      + [17, 17, 17].map(function (step) { return step * index; }) + ")'></i>";
  }
  for (index = 0; index < 8; index += 1) {
    bars += "<i class='color' style='left:" + index * 12.5 + "%;background-color:rgb("
      + [4, 2, 1].map(function (bit) { return index & bit ? 255 : 0; }) + ")'></i>";
  }
  function drawCard() {
    var canvas = null, canvases = document.querySelectorAll(".canvas"), at;
    for (at = 0; at < canvases.length; at += 1) {
      if (canvases[at].offsetWidth) { canvas = canvases[at]; }
    }
    if (!canvas || !document.querySelector(".cover.identify")) {
      if (card) { document.body.removeChild(card); }
      card = null;
      return;
    }
    if (!card) {
      card = document.createElement("div");
      card.className = "card";
      card.innerHTML = bars + "<b></b><b></b><b></b><b></b><u></u><p></p>";
      document.body.appendChild(card);
    }
    var width = canvas.offsetWidth, height = canvas.offsetHeight;
    var box = canvas.getBoundingClientRect();
    var scale = Math.sqrt(box.width * box.height / (width * height));
    var matrix = canvas.style.transform || canvas.style.webkitTransform;
    card.style.cssText = "width:" + width + "px;height:" + height + "px;font-size:" + height / 24
      + "px;border-width:" + 1 / scale + "px;-webkit-transform:" + matrix + ";transform:" + matrix;
    var turned = "rotate(" + new Date().getTime() % 60000 * 0.006 + "deg)";
    var hand = card.querySelector("u");
    hand.style.webkitTransform = hand.style.transform = turned;
    card.querySelector("p").textContent = document.title + " \u00b7 canvas " + width + " \u00d7 "
      + height + " \u00b7 screen " + window.innerWidth + " \u00d7 " + window.innerHeight
      + " \u00b7 scale " + scale.toFixed(4);
  }
  setInterval(drawCard, 200);
}());
