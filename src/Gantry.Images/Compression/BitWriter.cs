using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Gantry.Images.Compression;

/// <summary>Writes bits, the lowest first, to a span.</summary>
internal ref struct BitWriter
{
    private readonly Span<byte> _output;
    private ulong _bits;
    private int _bitCount;
    private int _position;

    public BitWriter(Span<byte> output) => _output = output;

    /// <summary>Gets the number of bytes that are complete.</summary>
    public readonly int Position => _position;

    /// <summary>Gets the number of bits that wait for the rest of their byte.</summary>
    public readonly int PendingBits => _bitCount;

    /// <summary>Adds up to 48 bits to at most 7 that are waiting; <see cref="Flush"/> has to follow before the next call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong bits, int count)
    {
        _bits |= bits << _bitCount;
        _bitCount += count;
    }

    /// <summary>Writes all complete bytes; the span needs eight bytes from here on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Flush()
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_output[_position..], _bits);
        var bytes = _bitCount >> 3;
        _position += bytes;
        _bits >>= bytes << 3;
        _bitCount &= 7;
    }

    /// <summary>Writes some bits.</summary>
    public void Write(uint bits, int count)
    {
        Add(bits, count);
        Flush();
    }

    /// <summary>Fills the last byte with zeros.</summary>
    public void Align()
    {
        if (_bitCount > 0)
            _bitCount = 8;
        Flush();
    }

    /// <summary>Writes bytes; the position must be aligned.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_output[_position..]);
        _position += bytes.Length;
    }
}
