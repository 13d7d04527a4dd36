using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

// Numbers that code is compiled for, as types of so many bytes: how many pixels and vectors a tile has. sizeof is a constant as soon as the
// compiler reads it, so that it never looks at what a smaller tile leaves out. A property of the type would be one only later.

[InlineArray(1)]
internal struct N1
{
    private byte _unit;
}

[InlineArray(2)]
internal struct N2
{
    private byte _unit;
}

[InlineArray(3)]
internal struct N3
{
    private byte _unit;
}

[InlineArray(4)]
internal struct N4
{
    private byte _unit;
}

[InlineArray(5)]
internal struct N5
{
    private byte _unit;
}

[InlineArray(6)]
internal struct N6
{
    private byte _unit;
}

[InlineArray(7)]
internal struct N7
{
    private byte _unit;
}

[InlineArray(8)]
internal struct N8
{
    private byte _unit;
}

[InlineArray(9)]
internal struct N9
{
    private byte _unit;
}

[InlineArray(10)]
internal struct N10
{
    private byte _unit;
}

[InlineArray(11)]
internal struct N11
{
    private byte _unit;
}

[InlineArray(12)]
internal struct N12
{
    private byte _unit;
}
