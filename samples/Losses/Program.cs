using Losses;

// The worked example: two samples of two predictions, all ones, against [[0, 1], [2, 3]]. Losses of other targets have their own.
float[] ones = [1, 1, 1, 1];
float[] target = [0, 1, 2, 3];
float[] probabilities = [0.9f, 0.2f, 0.7f, 0.4f];
float[] yesOrNo = [1, 0, 1, 1];
float[] signs = [1, -1, 1, 1];
float[] variances = [1, 1, 2, 2];
float[] logProbabilities = [MathF.Log(0.6f), MathF.Log(0.4f), MathF.Log(0.1f), MathF.Log(0.9f)];
int[] classes = [0, 1];

Console.WriteLine($"{"loss",-26} {"value",9}  of a sample's elements x and targets t");
Print("L1Loss", new L1(2).Evaluate(ones, target), "mean |x - t|");
Print("MSELoss", new MSE(2).Evaluate(ones, target), "mean (x - t)^2");
Print("SmoothL1Loss", new SmoothL1(2).Evaluate(ones, target), "mean (x - t)^2 / 2 where |x - t| < 1, else |x - t| - 1/2");
Print("HuberLoss, delta 1/2", new Huber(2).Evaluate(ones, target), "mean (x - t)^2 / 2 where |x - t| < d, else d (|x - t| - d/2)");
Print("PoissonNLLLoss", new PoissonNLL(2).Evaluate(ones, target), "mean exp(x) - t x");
Print("GaussianNLLLoss", new GaussianNLL(2).Evaluate(ones, target, variances), "mean (log v + (x - t)^2 / v) / 2, v = 1, 1, 2, 2");
Print("KLDivLoss, batchmean", new KLDiv(2).Evaluate(logProbabilities, [0.5f, 0.5f, 0, 1]), "sum t (log t - x) / samples");
Print("CrossEntropyLoss", new CrossEntropy(2).Evaluate(target, classes), "mean -log softmax(x)[y], y = 0, 1");
Print("NLLLoss", new NLL(2).Evaluate(logProbabilities, classes), "mean -x[y]");
Print("MultiMarginLoss", new MultiMargin(2).Evaluate(target, classes), "mean sum over c other than y of max(0, 1 - x[y] + x[c]) / classes");
Print("MultiLabelMarginLoss", new MultiLabelMargin(2).Evaluate(ones, [1, -1, 0, 1]), "mean sum over labels a, others c of max(0, 1 - x[a] + x[c]) / classes");
Print("BCELoss", new BCE(2).Evaluate(probabilities, yesOrNo), "mean -(t log x + (1 - t) log(1 - x))");
Print("BCEWithLogitsLoss", new BCEWithLogits(2).Evaluate(target, yesOrNo), "BCELoss of sigmoid(x)");
Print("SoftMarginLoss", new SoftMargin(2).Evaluate(target, signs), "mean log(1 + exp(-t x))");
Print("MultiLabelSoftMarginLoss", new MultiLabelSoftMargin(2).Evaluate(target, yesOrNo), "BCEWithLogitsLoss, the mean over classes first");
Print("HingeEmbeddingLoss", new HingeEmbedding(2).Evaluate([0.5f, 0.5f, 2, 1], signs), "mean x where t = 1, else max(0, 1 - x)");
Print("MarginRankingLoss", new MarginRanking(2).Evaluate(ones, target, signs), "mean max(0, -t (x1 - x2))");
Print("CosineEmbeddingLoss", new CosineEmbedding(2).Evaluate([1, 0, 1, 1], [1, 1, 1, 0], [1, -1]), "mean 1 - cos(x1, x2) where t = 1, else max(0, cos(x1, x2))");
Print("TripletMarginLoss", new TripletMargin(2).Evaluate([0, 0, 1, 1], [0, 1, 1, 2], [2, 0, 1, 0]), "mean max(0, |a - p| - |a - n| + 1)");

static void Print(string loss, float value, string formula) => Console.WriteLine(FormattableString.Invariant($"{loss,-26} {value,9:f4}  {formula}"));
