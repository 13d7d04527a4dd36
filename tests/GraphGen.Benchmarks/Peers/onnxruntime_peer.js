// ONNX Runtime's side of a comparison: onnxruntime_peer.js MODULE BATCH CLASSES THREADS FOLDER SHAPE...
// Compare/Side.cs says what it answers. MODULE is the folder of the npm package onnxruntime-node.
//
// It runs model.onnx on the inputs that GraphGen's side left in FOLDER, and leaves onnxruntime.check there. It calls the
// package's native binding, whose run is synchronous: the package's own run returns a promise, and with a small network the
// event loop would be half of what is measured.
'use strict';

const fs = require('fs');
const path = require('path');
const readline = require('readline');

const [module_, batch, classes, threads, folder, ...shape] = process.argv.slice(2);
const { Tensor } = require(module_);
const { binding, initOrt } = require(path.join(module_, 'dist', 'binding.js'));

const dimensions = [Number(batch), ...shape.map(Number)];
const bytes = fs.readFileSync(path.join(folder, 'input.bin'));
const input = new Tensor('float32', new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4), dimensions);
const values = new Float32Array(Number(batch) * Number(classes));
const output = new Tensor('float32', values, [Number(batch), Number(classes)]);

initOrt();
const session = new binding.InferenceSession();
session.loadModel(path.join(folder, 'model.onnx'), {
  intraOpNumThreads: Number(threads),
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
});
const feeds = { [session.inputMetadata[0].name]: input };
const fetches = { [session.outputMetadata[0].name]: output };
session.run(feeds, fetches, {});
fs.writeFileSync(path.join(folder, 'onnxruntime.check'), Buffer.from(values.buffer));

function peakMegabytes() {
  const line = fs.readFileSync('/proc/self/status', 'utf8').split('\n').find((row) => row.startsWith('VmHWM:'));
  return Number(line.split(/\s+/)[1]) / 1024;
}

function time(count) {
  const times = new Array(count);
  for (let i = 0; i < count; i++) {
    const start = process.hrtime.bigint();
    session.run(feeds, fetches, {});
    times[i] = Number(process.hrtime.bigint() - start) / 1e6;
  }
  return times.map((value) => value.toPrecision(6)).join(' ');
}

console.log('ready');
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  console.log(line === 'memory' ? peakMegabytes() : time(Number(line.split(' ')[1])));
});
