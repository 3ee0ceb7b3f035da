using System.Security.Cryptography;
using System.Text;
using Gantry.Attestations;

namespace Gantry.Tests.Attestations;

public sealed class DsseTests
{
    // The test vector of the specification (protocol.md).
    [Fact]
    public void The_encoding_is_that_of_the_specification()
    {
        var encoded = Dsse.Encode("http://example.com/HelloWorld", "hello world"u8);

        Assert.Equal("DSSEv1 29 http://example.com/HelloWorld 11 hello world", Encoding.UTF8.GetString(encoded));
        Assert.Equal(SHA256.HashData(encoded), Dsse.Hash("http://example.com/HelloWorld", "hello world"u8));
    }

    [Fact]
    public void Lengths_are_counted_in_bytes() => Assert.Equal(
        "DSSEv1 3 ä/ 4 é€"u8[..^1].ToArray().Length,
        Dsse.Encode("ä/", "é€"u8[..^1]).Length);

    [Fact]
    public void Neither_part_can_take_from_the_other() =>
        Assert.NotEqual(Dsse.Encode("a 1", "b"u8), Dsse.Encode("a", "1 b"u8));

    [Fact]
    public void An_empty_payload_has_an_encoding() => Assert.Equal("DSSEv1 1 a 0 "u8.ToArray(), Dsse.Encode("a", []));

    [Fact]
    public void Bytes_that_are_no_text_stay_as_they_are() => Assert.Equal([0xFF, 0x00, 0x0A], Dsse.Encode("a", [0xFF, 0x00, 0x0A])[^3..]);
}
