using System.Text;
using CsCheck;
using Gantry.Oci;
using Gantry.Registries.Remote;

namespace Gantry.Tests.Oci;

/// <summary>A parser reads any input or refuses it with a code; what it has read, it writes in the same form.</summary>
public sealed class ParserTests
{
    private static readonly string[] s_parts =
    [
        "a",
        "A",
        "0",
        "-",
        "_",
        ".",
        ":",
        "/",
        "@",
        "sha256:",
        "sha512:",
        "localhost",
        "docker.io",
        "oci:",
        ",",
        "=",
        "\"",
        "\\",
        " ",
        "Bearer",
        "realm",
        new string('a', 64),
        "\0",
        "é",
        "[::1]",
        "%2f",
        "<",
        ">",
        ";",
    ];

    // Almost valid text breaks parsers sooner than arbitrary text.
    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.String[0, 80],
        Gen.Int[0, s_parts.Length - 1].Select(index => s_parts[index])
            .Array[0, 12].Select(string.Concat));

    public static TheoryData<string, string> References => new()
    {
        { "alpine:3.22", "docker.io/library/alpine:3.22" },
        { "contoso/app:1", "docker.io/contoso/app:1" },
        { "index.docker.io/library/alpine:3", "docker.io/library/alpine:3" },
        { "localhost:5001/app:1", "localhost:5001/app:1" },
        { "Contoso.AzureCR.io/app:1", "contoso.azurecr.io/app:1" },
        { $"a.io/b@sha256:{new string('0', 64)}", $"a.io/b@sha256:{new string('0', 64)}" },
        { $"a.io/b:c@sha256:{new string('0', 64)}", $"a.io/b:c@sha256:{new string('0', 64)}" },
    };

    [Theory, MemberData(nameof(References))]
    public void A_reference_is_completed_like_by_Docker(string text, string meaning) =>
        Assert.Equal(meaning, ImageReference.Parse(text).ToString());

    [Fact]
    public void Any_text_is_a_reference_or_refused() => s_text.Sample(text =>
    {
        if (TryParse(text, ImageReference.Parse) is { } reference)
            Assert.Equal(reference, ImageReference.Parse(reference.ToString()));
    });

    [Fact]
    public void Any_text_is_an_address_or_refused() => s_text.Sample(text =>
    {
        if (TryParse(text, RegistryAddress.Parse) is { } address)
            Assert.Equal(address, RegistryAddress.Parse(address.ToString()!));
    });

    [Fact]
    public void An_address_is_found_exactly_when_it_is_not_refused() => s_text.Sample(text =>
    {
        Assert.Equal(TryParse(text, RegistryAddress.Parse) is not null, RegistryAddress.TryParse(text, out var found));
        if (found is not null)
            Assert.Equal(RegistryAddress.Parse(text), found);
    });

    [Fact]
    public void Any_text_is_a_digest_or_refused() => s_text.Sample(text =>
    {
        if (TryParse(text, value => (object)Digest.Parse(value)) is Digest digest)
            Assert.Equal(text, digest.ToString());
    });

    [Fact]
    public void Any_text_is_read_as_a_challenge_as_far_as_it_is_valid() => s_text.Sample(text =>
    {
        foreach (var challenge in Challenge.Parse(text))
            Assert.NotEmpty(challenge.Scheme);
    });

    [Fact]
    public void A_challenge_is_read_as_it_was_written()
    {
        var token = Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyzABCDEFGH0123456789-_."], 1, 12];
        var value = Gen.String[Gen.Char["abc ,=\"\\:/?&*"], 0, 20];
        Gen.Select(token, Gen.Dictionary(token, value)[0, 5]).Array[1, 4].Sample(challenges =>
        {
            var header = string.Join(", ", challenges.Select(challenge =>
                $"{challenge.Item1} {string.Join(",", challenge.Item2.Select(pair => $"{pair.Key}=\"{Escape(pair.Value)}\""))}"));
            var read = Challenge.Parse(header);
            Assert.Equal(challenges.Select(challenge => challenge.Item1), read.Select(challenge => challenge.Scheme));
            foreach (var (written, found) in challenges.Zip(read))
            {
                foreach (var group in written.Item2.GroupBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase))
                    Assert.Equal(group.First().Value, found[group.Key]);
            }
        });
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    [Fact]
    public void Any_text_is_a_link_or_ignored() => s_text.Sample(text =>
    {
        PageLinks.Find(new Uri("https://registry.example.com/v2/app/tags/list"), text);
    });

    [Fact]
    public void Any_bytes_are_a_manifest_or_refused() => Gen.Byte.Array[0, 200].Sample(Inspect);

    [Fact]
    public void A_damaged_manifest_is_a_manifest_or_refused()
    {
        var sound = Encoding.UTF8.GetBytes($$$"""
            {"schemaVersion":2,"mediaType":"{{{MediaTypes.OciManifest}}}","config":{"mediaType":"a/b","digest":"sha256:{{{new string('0', 64)}}}","size":2},
             "layers":[{"mediaType":"c/d","digest":"sha256:{{{new string('1', 64)}}}","size":3,"annotations":{"k":"v"}}]}
            """);
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte, Gen.Int[0, sound.Length]).Sample((at, value, length) =>
        {
            var damaged = sound.ToArray();
            damaged[at] = value;
            Inspect(damaged[..length]);
        });
    }

    private static void Inspect(byte[] content)
    {
        var manifest = TryParse(
            content,
            bytes => ManifestContent.FromVerified(ManifestInspector.MediaTypeOf(bytes, null, "the test"), Digest.Of(bytes), bytes));
        if (manifest is not null)
            TryParse(manifest, found => found.IsIndex ? (object)found.ReadIndex() : found.ReadManifest());
    }

    private static TResult? TryParse<T, TResult>(T input, Func<T, TResult> parse)
        where TResult : class
    {
        try
        {
            return parse(input);
        }
        catch (GantryException exception)
        {
            Assert.StartsWith("GAN1", exception.Code, StringComparison.Ordinal);
            return null;
        }
    }
}
