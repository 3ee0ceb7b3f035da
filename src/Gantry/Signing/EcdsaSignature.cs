using System.Formats.Asn1;

namespace Gantry.Signing;

/// <summary>
/// Converts between the two formats of a signature with the curve P-256: DER (RFC 3279, section 2.2.3), which bundles have, and the numbers
/// r and s of 32 bytes each (IEEE P1363), which JWS and Azure Key Vault have.
/// </summary>
public static class EcdsaSignature
{
    /// <summary>The bytes of r and s together.</summary>
    public const int FixedLength = 2 * NumberLength;

    private const int NumberLength = 32;

    /// <summary>Converts r and s to DER.</summary>
    /// <param name="signature">The numbers, <see cref="FixedLength"/> bytes.</param>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public static byte[] ToDer(ReadOnlySpan<byte> signature)
    {
        if (signature.Length != FixedLength)
            throw new ArgumentException($"The length of the signature is {signature.Length} instead of {FixedLength}.", nameof(signature));
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(Trim(signature[..NumberLength]));
            writer.WriteIntegerUnsigned(Trim(signature[NumberLength..]));
        }

        return writer.Encode();
    }

    /// <summary>Converts DER to r and s, each with leading zeros.</summary>
    /// <param name="signature">The signature in DER.</param>
    /// <exception cref="ArgumentException">It is not a signature with this curve.</exception>
    public static byte[] ToFixed(ReadOnlyMemory<byte> signature)
    {
        var result = new byte[FixedLength];
        try
        {
            var reader = new AsnReader(signature, AsnEncodingRules.DER);
            var numbers = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            Write(numbers.ReadIntegerBytes().Span, result.AsSpan(0, NumberLength));
            Write(numbers.ReadIntegerBytes().Span, result.AsSpan(NumberLength));
            numbers.ThrowIfNotEmpty();
        }
        catch (AsnContentException exception)
        {
            throw new ArgumentException("The signature is not DER.", nameof(signature), exception);
        }

        return result;
    }

    // An integer of DER has no leading zeros; one in 128 numbers of fixed length has some.
    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> number) =>
        number.IndexOfAnyExcept((byte)0) is >= 0 and var first ? number[first..] : number[^1..];

    private static void Write(ReadOnlySpan<byte> number, Span<byte> result)
    {
        if ((number[0] & 0x80) != 0)
            throw new ArgumentException("A number of the signature is negative.", nameof(number));
        var digits = Trim(number);
        if (digits.Length > NumberLength)
            throw new ArgumentException("A number of the signature is too large.", nameof(number));
        digits.CopyTo(result[^digits.Length..]);
    }
}
