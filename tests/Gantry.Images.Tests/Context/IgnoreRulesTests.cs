using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Gantry.Images.Context;
using Gantry.Images.Tests.Fixtures;

namespace Gantry.Images.Tests.Context;

public sealed class IgnoreRulesTests : IAsyncLifetime
{
    private readonly BuildFixture _build = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _build.DisposeAsync();

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b/a", false)]
    [InlineData("a", "a/b/c", true)]
    [InlineData("/a/", "a", true)]
    [InlineData("./a//b/../c", "a/c", true)]
    [InlineData("  a  ", "a", true)]
    [InlineData("# a\n#b", "a", false)]
    [InlineData("*.md", "a.md", true)]
    [InlineData("*.md", "x/a.md", false)]
    [InlineData("*/*.md", "x/a.md", true)]
    [InlineData("**/*.md", "a.md", true)]
    [InlineData("**/*.md", "x/y/a.md", true)]
    [InlineData("**/bin", "bin", true)]
    [InlineData("**/bin", "x/bin/y", true)]
    [InlineData("**/bin", "x/cabin", false)]
    [InlineData("**.tmp", "x/y.tmp", true)]
    [InlineData("a/**", "a", false)]
    [InlineData("a/**", "a/b", true)]
    [InlineData("a/**/z", "a/z", true)]
    [InlineData("a/**/z", "a/b/c/z", true)]
    [InlineData("**", "anything/at/all", true)]
    [InlineData("?", "a", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[^a-c]x", "bx", false)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("*\n!a", "a", false)]
    [InlineData("*\n!a", "b", true)]
    [InlineData("!a\n*", "a", true)]
    [InlineData("x\n!x/y", "x/y", false)]
    [InlineData("x\n!x/y", "x/z", true)]
    [InlineData("x\n! x/y\nx/y/z", "x/y/z", true)]
    [InlineData("../a", "a", false)]
    [InlineData(".", "a", false)]
    public void Paths_are_excluded_as_by_Docker(string rules, string path, bool excluded) =>
        Assert.Equal(excluded, IgnoreRules.Parse(".dockerignore", rules).Excludes(path));

    [Theory]
    [InlineData("a\n[b\n")]
    [InlineData("a\nb\\")]
    [InlineData("a\n!")]
    [InlineData("a\n[]a]")]
    [InlineData("a\n[a-]")]
    public void A_malformed_pattern_is_an_error_with_its_line(string rules)
    {
        var error = Assert.Throws<GantryException>(() => IgnoreRules.Parse(".dockerignore", rules));

        Assert.Equal("GAN3016", error.Code);
        Assert.StartsWith(".dockerignore:2: ", error.Problem, StringComparison.Ordinal);
    }

    /// <summary>Translates a pattern to a regular expression, as Docker does it, for comparison.</summary>
    [Fact]
    public void Any_pattern_matches_like_its_regular_expression()
    {
        var pattern = Gen.OneOf(
            Gen.Const("a"), Gen.Const("b"), Gen.Const("/"), Gen.Const("*"), Gen.Const("**"), Gen.Const("**/"), Gen.Const("?"),
            Gen.Const("[ab]"), Gen.Const("[^a]"), Gen.Const("."))
            .Array[1, 6]
            .Select(parts => string.Concat(parts))
            .Where(text =>
                !text.Contains("***", StringComparison.Ordinal) && !text.Contains("//", StringComparison.Ordinal) && text[0] is not '/');
        var path = Gen.Char["ab.c"].Array[1, 3].Select(name => new string(name)).Array[1, 3].Select(names => string.Join('/', names));
        Gen.Select(pattern, path).Sample(
            (text, candidate) => PathPattern.TryParseIgnore(text)!.IsMatch(candidate) == Regex.IsMatch(candidate, ToRegex(text)),
            iter: 20_000);
    }

    [Fact]
    public async Task Patterns_that_make_regular_expressions_slow_are_fast()
    {
        var pattern = PathPattern.TryParseIgnore(string.Concat(Enumerable.Repeat("**/a*", 200)))!;
        var path = string.Concat(Enumerable.Repeat("a/a", 500));

        Assert.False(await Task.Run(() => pattern.IsMatch(path + "b/")));
    }

    [Fact]
    public async Task Rules_apply_however_a_file_is_named()
    {
        _build.Write("keep/a").Write("keep/secret").Write("gone/b").Write("gone/but/kept").Write("empty/only-secret")
            .Write(".dockerignore", "**/secret\n**/only-secret\ngone\n!gone/but/kept\n")
            .Dockerfile("FROM scratch\nCOPY . /all/\nCOPY */* /stars/\n");

        var image = await _build.BuildAndReadAsync();

        Assert.Equal(
            [
                "all/", "all/.dockerignore", "all/Dockerfile", "all/empty/", "all/gone/", "all/gone/but/", "all/gone/but/kept", "all/keep/",
                "all/keep/a",
            ],
            image.Layers[0].Select(entry => entry.Name));
        Assert.Equal(["stars/", "stars/a", "stars/kept"], image.Layers[1].Select(entry => entry.Name));

        _build.Dockerfile("FROM scratch\nCOPY keep/secret /x\n");
        var error = await Assert.ThrowsAsync<GantryException>(() => _build.BuildAsync());
        Assert.Equal("GAN3010", error.Code);
        Assert.Contains(".dockerignore excludes it", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ignore_file_beside_the_Dockerfile_overrides_that_of_the_context()
    {
        _build
            .Write("a")
            .Write("b")
            .Write(".dockerignore", "a\n")
            .Write("Dockerfile.dockerignore", "*\n!a\n")
            .Dockerfile("FROM scratch\nCOPY . /\n");

        Assert.Equal(["a"], (await _build.BuildAndReadAsync()).LastLayer.Select(entry => entry.Name));
    }

    private static string ToRegex(string pattern)
    {
        // Literals after a leading "**" match the end of the path.
        if (Regex.Match(pattern, @"\A\*\*([^/*?\[\]][^*?\[\]]*)\z") is { Success: true } suffix)
            return Regex.Escape(suffix.Groups[1].Value) + @"\z";

        var regex = new StringBuilder(@"\A");
        for (var index = 0; index < pattern.Length;)
        {
            var rest = pattern.AsSpan(index);
            if (rest.StartsWith("**"))
            {
                index += rest.StartsWith("**/") ? 3 : 2;
                regex.Append(index == pattern.Length ? ".*" : "(.*/)?");
            }
            else if (rest[0] == '[')
            {
                var end = pattern.IndexOf(']', index) + 1;
                regex.Append(pattern.AsSpan(index, end - index));
                index = end;
            }
            else
            {
                regex.Append(rest[0] switch { '*' => "[^/]*", '?' => "[^/]", var other => Regex.Escape(other.ToString()) });
                index++;
            }
        }

        return regex.Append(@"\z").ToString();
    }
}
