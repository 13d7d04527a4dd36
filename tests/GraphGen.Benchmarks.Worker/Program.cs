return GraphGen.Benchmarks.Sides.Worker.Run(args);
