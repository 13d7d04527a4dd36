using BenchmarkDotNet.Attributes;
using GraphGen.Benchmarks.Models;
using GraphGen.Runtime;

namespace GraphGen.Benchmarks.Kernels;

/// <summary>Single kernels, each a model whose cost it is.</summary>
public class KernelBenchmarks
{
    private const int Rows = 256;
    private const int Sequences = 16;

    private readonly MatMul512 _product = new(MatMul512.Size, seed: 1);
    private readonly SecondConvolutionWithInputGradient _convolution = new(maxBatch: 1, seed: 1);
    private readonly ElementwiseChain _elementwise = new(Rows, seed: 1);
    private readonly SoftmaxRows _softmax = new(Rows, seed: 1);
    private readonly LayerNormRows _layerNorm = new(Rows, seed: 1);
    private readonly PlainProduct _plainProduct = new(Sequences, seed: 1);
    private readonly GeluProduct _geluProduct = new(Sequences, seed: 1);
    private readonly SGD _optimizer;

    private readonly float[] _productInput = new float[MatMul512.Size * MatMul512.Size];
    private readonly float[] _image = new float[111 * 111];
    private readonly float[] _elements = new float[Rows * ElementwiseChain.Width];
    private readonly float[] _logits = new float[Rows * SoftmaxRows.Classes];
    private readonly float[] _features = new float[Rows * LayerNormRows.Width];
    private readonly float[] _tokens = new float[Sequences * PlainProduct.Tokens * PlainProduct.Width];
    private readonly int[] _labels = new int[Rows];

    public KernelBenchmarks()
    {
        var random = new Random(1);
        foreach (float[] values in (float[][])[_productInput, _image, _elements, _logits, _features, _tokens])
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (2 * random.NextSingle()) - 1;
            }
        }

        _product.Forward(_productInput);
        _product.Backward(_productInput);
        _optimizer = new SGD(_product.Parameters, lr: 1e-6, momentum: 0.9);
    }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup() => WorkerPool.ThreadCount = Threads;

    /// <summary>[512, 512] x [512, 512].</summary>
    [Benchmark]
    public float MatMul() => _product.Predict(_productInput)[0];

    /// <summary>[2048, 128] x [128, 512].</summary>
    [Benchmark]
    public float Product() => _plainProduct.Predict(_tokens)[0];

    /// <summary>The same with GELU in the epilogue.</summary>
    [Benchmark]
    public float GeluInEpilogue() => _geluProduct.Predict(_tokens)[0];

    /// <summary>The seed network's second convolution with bias, relu and pooling, one image.</summary>
    [Benchmark]
    public float ConvolutionPool() => _convolution.Predict(_image)[0];

    /// <summary>[256, 4096]: sigmoid(tanh(x * scale) + offset) * x.</summary>
    [Benchmark]
    public float Elementwise() => _elementwise.Predict(_elements)[0];

    /// <summary>[256, 1000]: the loss and its gradient.</summary>
    [Benchmark]
    public float CrossEntropy()
    {
        _softmax.Parameters.ZeroGrad();
        _softmax.Forward(_logits);
        float loss = _softmax.Loss(_labels);
        _softmax.Backward();
        return loss;
    }

    /// <summary>[256, 768].</summary>
    [Benchmark]
    public float LayerNorm() => _layerNorm.Predict(_features)[0];

    /// <summary>262,144 parameters with momentum.</summary>
    [Benchmark]
    public void SgdStep() => _optimizer.Step();
}
