using CsCheck;
using Gantry.AzurePipelines.Yaml;
using Gantry.PipelineAgent;

namespace Gantry.AzurePipelines.Tests.Yaml;

public class YamlWriterTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("$(Build.SourcesDirectory)/x", "$(Build.SourcesDirectory)/x")]
    [InlineData("${{ parameters.x }}", "${{ parameters.x }}")]
    [InlineData("and(succeeded(), eq(variables['a'], 'b'))", "and(succeeded(), eq(variables['a'], 'b'))")]
    [InlineData("", "''")]
    [InlineData("true", "'true'")]
    [InlineData("No", "'No'")]
    [InlineData("on", "'on'")]
    [InlineData("null", "'null'")]
    [InlineData("~", "'~'")]
    [InlineData("1.10", "'1.10'")]
    [InlineData("0x1F", "'0x1F'")]
    [InlineData("1_000", "'1_000'")]
    [InlineData("12:30", "'12:30'")]
    [InlineData("1e3", "'1e3'")]
    [InlineData("2024-01-01", "'2024-01-01'")]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("a: b", "'a: b'")]
    [InlineData("a #b", "'a #b'")]
    [InlineData("*.cs", "'*.cs'")]
    [InlineData("&x", "'&x'")]
    [InlineData("- x", "'- x'")]
    [InlineData("[Contoso]\\QA", "'[Contoso]\\QA'")]
    [InlineData("it's", "it's")]
    public void Only_text_that_needs_it_is_quoted(string text, string written) =>
        Assert.Equal($"key: {written}\n", YamlWriter.Write(Mapping("key", YamlValue.Of(text))));

    [Fact]
    public void Scripts_are_written_as_blocks() =>
        Assert.Equal(
            "bash: |\n  set -e\n  ./build.sh\n\n  # done\n",
            YamlWriter.Write(Mapping("bash", YamlValue.Of("set -e\n./build.sh\n\n# done\n"))));

    [Fact]
    public void Sections_and_stages_are_separated_by_blank_lines()
    {
        var stage = Mapping("stage", YamlValue.Of("A"));
        var root = new YamlMapping(
            [
                new("trigger", YamlValue.Of("none")),
                new("variables", new YamlSequence([Mapping("group", YamlValue.Of("g")), Mapping("group", YamlValue.Of("h"))])),
                new("stages", new YamlSequence([stage, stage])),
            ]);
        Assert.Equal(
            "# made\n\ntrigger: none\n\nvariables:\n- group: g\n- group: h\n\nstages:\n- stage: A\n\n- stage: A\n",
            YamlWriter.Write(root, "made"));
    }

    [Fact]
    public void Written_YAML_is_read_back_unchanged() => AnyValue(3).Sample(value =>
    {
        var root = Mapping("root", value);
        var text = YamlWriter.Write(root, "header");
        return Same(PipelineYaml.Read(text), root) && text.EndsWith('\n') && !text.Contains('\r');
    });

    private static YamlMapping Mapping(string key, YamlValue value) => new([new(key, value)]);

    // The reader cannot distinguish a quoted number from a string: only the text is compared.
    private static bool Same(YamlValue a, YamlValue b) => (a, b) switch
    {
        (YamlScalar x, YamlScalar y) => x.Text == y.Text,
        (YamlSequence x, YamlSequence y) =>
            x.Items.Count == y.Items.Count && x.Items.Zip(y.Items).All(pair => Same(pair.First, pair.Second)),
        (YamlMapping x, YamlMapping y) => x.Entries.Count == y.Entries.Count
            && x.Entries.Zip(y.Entries).All(pair => pair.First.Key == pair.Second.Key && Same(pair.First.Value, pair.Second.Value)),
        _ => false,
    };

    private static Gen<YamlValue> AnyValue(int depth)
    {
        var text = Gen.OneOf(
            Gen.String["abc :#-[]{}'\"&*!|>%@`,?\n\t\\/.01$()~ü☃"],
            Gen.OneOf([.. new[] { "true", "1.0", "", "null", "- a", "a\n", "\na", " a", "a ", "a\n\n", "  a\n b" }.Select(Gen.Const)]));
        var scalar = Gen.OneOf(text.Select(YamlValue.Of), Gen.Bool.Select(YamlValue.Of), Gen.Int.Select(YamlValue.Of));
        if (depth == 0)
            return scalar;
        var inner = AnyValue(depth - 1);
        return Gen.OneOf(
            scalar,
            inner.Array[0, 4].Select(YamlValue (items) => new YamlSequence(items)),
            Gen.Select(Gen.String["abc $_{}.:-"], inner).Array[0, 4].Select(YamlValue (entries) => new YamlMapping([.. entries
                .DistinctBy(entry => entry.Item1.ToUpperInvariant())
                .Select(entry => KeyValuePair.Create(entry.Item1, entry.Item2))])));
    }
}
