using System.Text;
using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Tests.Signing;

namespace Gantry.Tests.Attestations;

public sealed class StatementTests
{
    private static readonly string s_written = Encoding.UTF8.GetString(SampleStatements.Write());

    [Fact]
    public void A_statement_is_written_as_the_specification_says() => Assert.Equal(
        $$$"""
        {"_type":"https://in-toto.io/Statement/v1",
        "subject":[{"name":"contoso.azurecr.io/app","digest":{"sha256":"{{{SampleStatements.Image.Hex}}}"}}],
        "predicateType":"https://example.com/tested/v1",
        "predicate":{"result":"passed"}}
        """.ReplaceLineEndings(""),
        s_written);

    [Fact]
    public void A_written_statement_is_read_again()
    {
        var statement = Read(s_written);

        Assert.Equal(new StatementSubject("contoso.azurecr.io/app", SampleStatements.Image), Assert.Single(statement.Subjects));
        Assert.Equal(SampleStatements.PredicateType, statement.PredicateType);
        Assert.Equal("passed", statement.Predicate.GetProperty("result").GetString());
        Assert.True(statement.IsAbout(SampleStatements.Image));
        Assert.False(statement.IsAbout(Digest.Of("other"u8)));
    }

    [Fact]
    public void Other_tools_write_more_subjects_algorithms_and_the_earlier_version()
    {
        var other = $$$"""{"digest":{"sha256":"{{{Digest.Of("other"u8).Hex}}}","gitCommit":"1"}},""";
        var statement = Read(s_written
            .Replace("Statement/v1", "Statement/v0.1", StringComparison.Ordinal)
            .Replace("[{", $"[{other}{{", StringComparison.Ordinal));

        Assert.Equal(["", "contoso.azurecr.io/app"], statement.Subjects.Select(subject => subject.Name));
        Assert.True(statement.IsAbout(Digest.Of("other"u8)));
    }

    public static TheoryData<string, string, string> Faults => new()
    {
        { "another type", "in-toto.io/Statement/v1", "in-toto.io/Statement/v2" },
        { "no type", "\"_type\":\"https://in-toto.io/Statement/v1\",", "" },
        { "a type that is none", "\"https://in-toto.io/Statement/v1\"", "1" },
        { "an unknown property", "\"predicateType\"", "\"comment\":1,\"predicateType\"" },
        { "an unknown property without a value", "\"predicateType\"", "\"comment\":null,\"predicateType\"" },
        { "a property twice", "\"predicateType\"", "\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\"" },
        { "a property of the predicate twice", "\"result\"", "\"result\":1,\"result\"" },
        { "no subject", "\"subject\":[{", "\"subject\":[],\"x\":[{" },
        { "a subject that is none", "[{\"name\":", "[1,{\"name\":" },
        { "a subject without a digest", "[{\"name\":", "[{\"name\":\"a\"},{\"name\":" },
        { "a digest of another algorithm", "\"sha256\"", "\"sha512\"" },
        { "a digest in upper case", SampleStatements.Image.Hex, SampleStatements.Image.Hex.ToUpperInvariant() },
        { "a digest that is too short", SampleStatements.Image.Hex, SampleStatements.Image.Hex[1..] },
        { "a digest that is none", $"\"{SampleStatements.Image.Hex}\"", "null" },
        { "a name that is none", "\"contoso.azurecr.io/app\"", "[]" },
        { "no predicate", "\"predicate\":{\"result\":\"passed\"}", "\"x\":1" },
        { "no type of the predicate", "\"predicateType\":\"https://example.com/tested/v1\",", "" },
        { "a type of the predicate that is none", "\"https://example.com/tested/v1\"", "{}" },
        { "a list", s_written, "[]" },
        { "a text", s_written, "\"x\"" },
        { "null", s_written, "null" },
        { "nothing", s_written, "" },
        { "more after it", "\"passed\"}}", "\"passed\"}}{}" },
        { "not JSON", "{\"_type\"", "<html>" },
        { "too deep", "\"passed\"", string.Concat(Enumerable.Repeat("[", 40)) + string.Concat(Enumerable.Repeat("]", 40)) },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_statement_that_is_not_one_is_an_error(string fault, string from, string to)
    {
        Assert.Contains(from, s_written, StringComparison.Ordinal);

        var error = SampleKeys.Fails("GAN4209", () => Read(s_written.Replace(from, to, StringComparison.Ordinal)));

        Assert.True(error.Problem.Contains("the origin", StringComparison.Ordinal), fault);
    }

    private static Statement Read(string text) => Statement.Read(Encoding.UTF8.GetBytes(text), "the origin");
}
