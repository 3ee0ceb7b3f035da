using System.Security.Cryptography;
using CsCheck;
using Gantry.Signing;

namespace Gantry.Tests.Signing;

public sealed class EcdsaSignatureTests
{
    [Fact]
    public void Signatures_convert_in_both_directions()
    {
        using var key = SampleKeys.Create();

        // One in 128 has leading zeros.
        for (var i = 0; i < 1000; i++)
        {
            var numbers = key.SignHash(SampleKeys.Digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            var der = EcdsaSignature.ToDer(numbers);

            Assert.True(key.VerifyHash(SampleKeys.Digest, der, DSASignatureFormat.Rfc3279DerSequence));
            Assert.Equal(numbers, EcdsaSignature.ToFixed(der));
        }
    }

    [Fact]
    public void All_numbers_convert_in_both_directions() =>
        Gen.Byte.Array[64].Select(Gen.Int[0, 32], Gen.Int[0, 32]).Sample((bytes, zerosOfR, zerosOfS) =>
        {
            bytes.AsSpan(0, zerosOfR).Clear();
            bytes.AsSpan(32, zerosOfS).Clear();
            return EcdsaSignature.ToFixed(EcdsaSignature.ToDer(bytes)).SequenceEqual(bytes);
        });

    [Theory]
    [InlineData("01", "7f", "3006020101" + "02017f")]
    [InlineData("00", "80", "3007020100" + "02020080")]
    [InlineData("ff00", "0100", "3009020300ff00" + "02020100")]
    public void Numbers_have_no_needless_zeros(string r, string s, string der) =>
        Assert.Equal(
            der,
            Convert.ToHexStringLower(EcdsaSignature.ToDer(Convert.FromHexString(r.PadLeft(64, '0') + s.PadLeft(64, '0')))));

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(96)]
    public void Another_length_is_an_error(int length) => Assert.Throws<ArgumentException>(() => EcdsaSignature.ToDer(new byte[length]));

    [Theory]
    [InlineData("")]
    [InlineData("3006020101")]
    [InlineData("300602010102017f00")]
    [InlineData("3009020101020101020101")]
    [InlineData("300602018102017f")]
    [InlineData("30070202000102017f")]
    [InlineData("040602010102017f")]
    public void What_is_not_a_signature_in_DER_is_an_error(string der) =>
        Assert.Throws<ArgumentException>(() => EcdsaSignature.ToFixed(Convert.FromHexString(der)));

    [Fact]
    public void A_signature_of_a_larger_curve_is_an_error()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var der = key.SignHash(SampleKeys.Digest, DSASignatureFormat.Rfc3279DerSequence);

        Assert.Throws<ArgumentException>(() => EcdsaSignature.ToFixed(der));
    }
}
