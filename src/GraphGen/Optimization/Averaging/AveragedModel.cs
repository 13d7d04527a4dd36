using GraphGen.Runtime;

namespace GraphGen;

/// <summary>
/// An average of a model's weights over training, which often generalises better than the weights themselves: it keeps a second set of
/// them and lets the model use it. See <see cref="ExponentialMovingAverage"/> and <see cref="StochasticWeightAveraging"/>; to write
/// one, derive and give the weight of the next model in <see cref="NextWeight"/>.
/// </summary>
/// <remarks>
/// <para>
/// Call <see cref="Update"/> after the optimizer's steps (or once an epoch); the first copies the weights, each one after it moves the average:
/// <c>a ← a + weight·(w − a)</c>, in one pass. Before the first, the average is what the weights were at construction.
/// </para>
/// <para>
/// To validate with the average, swap it in: <c>using (average.Swap()) { net.Evaluate(x, labels); }</c>. To keep it in the model for good,
/// <see cref="CopyTo"/>. A <see cref="Checkpoint"/> keeps it if it is one of the things given to it; save while it is not swapped in.
/// </para>
/// <para>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.swa_utils.AveragedModel.html">torch.optim.swa_utils.AveragedModel</see>.</para>
/// </remarks>
public abstract class AveragedModel : IStateful
{
    private const string CountName = "n_averaged";

    private readonly FlatParameters _parameters;
    private readonly AlignedBuffer _averages;
    private bool _isSwapped;

    /// <summary>Makes an average of the weights as they are.</summary>
    /// <param name="parameters">A model's <c>Parameters</c>, or some of them.</param>
    /// <exception cref="ArgumentException">There are no parameters, or two have one name.</exception>
    protected AveragedModel(IEnumerable<Parameter> parameters)
    {
        _parameters = new FlatParameters(parameters);
        if (_parameters.Parameters.GroupBy(parameter => parameter.Name).FirstOrDefault(named => named.Skip(1).Any()) is { } twice)
        {
            throw new ArgumentException($"Expected parameters of one model, whose names differ, got '{twice.Key}' twice.", nameof(parameters));
        }

        _averages = _parameters.NewVector();
        _parameters.CopyValuesTo(_averages);
    }

    /// <summary>How many models the average is of: calls of <see cref="Update"/>.</summary>
    public long AveragedCount { get; private set; }

    /// <summary>Takes the weights as they are into the average. Allocates nothing.</summary>
    /// <exception cref="InvalidOperationException">The average is swapped in.</exception>
    public void Update()
    {
        RequireWeights();
        if (AveragedCount == 0)
        {
            _parameters.CopyValuesTo(_averages);
        }
        else
        {
            _parameters.Lerp(_averages, NextWeight());
        }

        AveragedCount++;
    }

    /// <summary>
    /// Gives the model the average instead of its weights until what is returned is disposed of. Exchanges them in one pass; allocates
    /// nothing. Do not train meanwhile: it would train the average.
    /// </summary>
    /// <exception cref="InvalidOperationException">The average is swapped in already.</exception>
    public Scope Swap()
    {
        RequireWeights();
        _parameters.Swap(_averages);
        _isSwapped = true;
        return new Scope(this);
    }

    /// <summary>Overwrites the model's weights with the average.</summary>
    /// <exception cref="InvalidOperationException">The average is swapped in.</exception>
    public void CopyTo()
    {
        RequireWeights();
        _parameters.SetValues(_averages);
    }

    /// <summary>The average of a parameter, in the order of <see cref="Parameter.Values"/>.</summary>
    /// <param name="parameter">One of the parameters.</param>
    /// <exception cref="InvalidOperationException">The average is swapped in: it is in the parameter itself.</exception>
    /// <exception cref="KeyNotFoundException">It is not one of the parameters.</exception>
    public ReadOnlySpan<float> this[Parameter parameter]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(parameter);
            RequireWeights();
            return _parameters.Part(_averages, parameter);
        }
    }

    /// <summary>A copy of the average, under the parameters' names: a model loads it as its weights.</summary>
    /// <returns>The tensors; <c>n_averaged</c> is in the metadata.</returns>
    /// <exception cref="InvalidOperationException">The average is swapped in.</exception>
    public StateDict ModelStateDict()
    {
        StateDict dict = new();
        foreach (Parameter parameter in _parameters.Parameters)
        {
            dict.Add(parameter.Name, new StateTensor(parameter.Shape, this[parameter]));
        }

        dict.Metadata.Add(CountName, AveragedCount.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return dict;
    }

    /// <summary>The weight of the model that <see cref="Update"/> is called for, from 0 to 1. It is not called for the first.</summary>
    protected abstract double NextWeight();

    /// <summary>Exchanges the average for a checkpoint. A derived class exchanges its own settings after a call of the base's.</summary>
    /// <param name="state">Notes the settings or restores them.</param>
    /// <exception cref="InvalidOperationException">The average is swapped in.</exception>
    protected internal virtual void Exchange(StateExchange state)
    {
        RequireWeights();
        long count = state.Exchange(CountName, AveragedCount);
        AveragedCount = count >= 0 ? count : throw new StateDictException($"Expected 0 or more for '{CountName}', got {count}.");
        foreach (Parameter parameter in _parameters.Parameters)
        {
            float[] exchanged = state.ExchangeTensor(parameter.Name, this[parameter].ToArray());
            if (exchanged.Length != parameter.Length)
            {
                throw new StateDictException($"Expected {parameter.Length} floats for the average of '{parameter.Name}', got {exchanged.Length}.");
            }

            exchanged.CopyTo(_parameters.Part(_averages, parameter));
        }
    }

    void IStateful.Exchange(StateExchange state) => Exchange(state);

    private void RequireWeights()
    {
        if (_isSwapped)
        {
            throw new InvalidOperationException("Expected the model's own weights, but their average is swapped in: dispose of what Swap returned first.");
        }
    }

    /// <summary>The time in which a model uses the average. Disposing of it puts the weights back.</summary>
    public readonly ref struct Scope
    {
        private readonly AveragedModel _model;

        internal Scope(AveragedModel model) => _model = model;

        /// <summary>Puts the weights back. A second time does nothing.</summary>
        public void Dispose()
        {
            if (_model is { _isSwapped: true })
            {
                _model._parameters.Swap(_model._averages);
                _model._isSwapped = false;
            }
        }
    }
}
