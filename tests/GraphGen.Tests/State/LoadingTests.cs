using GraphGen.Tests.Runtime;
using Xunit;

namespace GraphGen.Tests.State;

/// <summary>Parameters take over what fits and name what does not; part of it only where that is asked for.</summary>
public sealed class LoadingTests
{
    [Fact]
    public void A_state_dict_is_a_copy_in_names_and_shapes()
    {
        ParameterBlock block = Block(1);
        StateDict dict = block.StateDict();
        Assert.Equal(["conv.weight", "conv.bias", "fc.weight"], dict.Names);
        Assert.Equal([2, 3, 1, 1], dict["conv.weight"].Shape);
        float[] before = dict["fc.weight"].ToArray();
        Assert.Equal(before, block["fc.weight"].Values.ToArray());
        block.Values.Clear();
        Assert.Equal(before, dict["fc.weight"].ToArray());
        Assert.Contains("fc.weight", Assert.Throws<KeyNotFoundException>(() => dict["fc"]).Message);
    }

    [Fact]
    public void Values_are_taken_over_and_what_lies_between_stays_zero()
    {
        ParameterBlock from = Block(1);
        ParameterBlock to = Block(2);
        to.MarkGradient(0);
        IncompatibleKeys keys = to.LoadStateDict(from.StateDict());
        Assert.Empty(keys.MissingKeys);
        Assert.Empty(keys.UnexpectedKeys);
        Assert.Equal(from.Values, to.Values);
        Assert.True(to.HasGradient(0));
        Assert.False(to.HasGradient(1));
    }

    [Fact]
    public void Everything_that_does_not_fit_is_named_and_nothing_is_changed()
    {
        ParameterBlock block = Block(1);
        float[] before = block.Values.ToArray();
        StateDict dict = new();
        dict.Add("fc.weight", new StateTensor([4, 5], new float[20]));
        dict.Add("head.weight", StateTensor.Scalar(1f));
        dict.Add("conv.bias", new StateTensor([2], [1, 2]));
        dict.Add("head.bias", StateTensor.Scalar(1f));
        string message = Assert.Throws<StateDictException>(() => block.LoadStateDict(dict)).Message;
        Assert.Equal(
            "The state dict does not fit the parameters. 'fc.weight': expected the shape [5, 4], got [4, 5]; missing: conv.weight; "
            + "unexpected: head.weight, head.bias.",
            message);
        Assert.Equal(before, block.Values.ToArray());

        // A wrong shape is an error without strictness too.
        message = Assert.Throws<StateDictException>(() => block.LoadStateDict(dict, strict: false)).Message;
        Assert.Equal("The state dict does not fit the parameters. 'fc.weight': expected the shape [5, 4], got [4, 5].", message);
        Assert.Equal(before, block.Values.ToArray());
        Assert.Throws<ArgumentNullException>("dict", () => block.LoadStateDict(null!));
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 20 })]
    [InlineData(new[] { 5, 4, 1 })]
    [InlineData(new[] { 1, 5, 4 })]
    [InlineData(new[] { 5, 0 })]
    public void A_shape_has_to_be_the_parameters(int[] shape)
    {
        ParameterBlock block = Block(1);
        float[] before = block.Values.ToArray();
        StateDict dict = block.StateDict().Rename(name => name == "fc.weight" ? null : name);
        dict.Add("fc.weight", new StateTensor(shape, new float[shape.Aggregate(1, (x, y) => x * y)]));
        Assert.Contains("'fc.weight': expected the shape [5, 4]", Assert.Throws<StateDictException>(() => block.LoadStateDict(dict)).Message);
        Assert.Equal(before, block.Values.ToArray());
    }

    [Fact]
    public void Fine_tuning_loads_what_there_is_and_says_what_there_is_not()
    {
        ParameterBlock block = Block(1);
        float[] head = block["fc.weight"].Values.ToArray();
        StateDict pretrained = new();
        foreach ((string name, StateTensor tensor) in Block(2).StateDict())
        {
            pretrained.Add("backbone." + name, tensor);
        }

        pretrained.Metadata["format"] = "pt";
        StateDict chosen = pretrained.Rename(name => name.Contains("fc") ? null : name.Replace("backbone.conv", "conv"));
        chosen.Add("more", StateTensor.Scalar(1f));
        Assert.Equal("pt", chosen.Metadata["format"]);
        IncompatibleKeys keys = block.LoadStateDict(chosen, strict: false);
        Assert.Equal(["fc.weight"], keys.MissingKeys);
        Assert.Equal(["more"], keys.UnexpectedKeys);
        Assert.Equal(Block(2)["conv.weight"].Values, block["conv.weight"].Values);
        Assert.Equal(head, block["fc.weight"].Values.ToArray());
        Assert.Throws<ArgumentException>(() => pretrained.Rename(_ => "one"));
        Assert.Equal(["conv.weight", "conv.bias", "fc.weight"], pretrained.Submodule("backbone").Names);
    }

    [Fact]
    public void A_file_gives_what_was_saved()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("model.safetensors");
        ParameterBlock from = Block(1);
        ParameterBlock to = Block(2);
        Safetensors.Save(path, from.StateDict());
        to.LoadStateDict(Safetensors.Load(path));
        Assert.Equal(from.Values, to.Values);
    }

    private static ParameterBlock Block(long seed) => new(
        seed,
        ParameterSpec.Uniform("conv.weight", [2, 3, 1, 1], 1f),
        ParameterSpec.Uniform("conv.bias", [2], 1f),
        ParameterSpec.Uniform("fc.weight", [5, 4], 1f));
}
