using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gantry.AzurePipelines.Yaml;

/// <summary>
/// Writes values in the usual style of pipelines: block style, two spaces, scripts as literal blocks, quotes only where needed, a blank
/// line between the parts. Never writes anchors, aliases or tags, which the service refuses.
/// </summary>
internal static class YamlWriter
{
    /// <summary>Writes the document, with the given lines as comments before it.</summary>
    public static string Write(YamlMapping root, params IReadOnlyList<string> header)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var settings = new EmitterSettings(
            bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024, skipAnchorName: true,
            indentSequences: false, newLine: "\n");
        var emitter = new Emitter(text, settings);

        emitter.Emit(new StreamStart());
        foreach (var line in header)
            emitter.Emit(new Comment(line, isInline: false));
        emitter.Emit(new DocumentStart(version: null, tags: null, isImplicit: true));
        Emit(emitter, root, isDocument: true);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return SpaceOut(text.ToString());
    }

    private static void Emit(Emitter emitter, YamlValue value, bool isDocument = false)
    {
        switch (value)
        {
            case YamlScalar scalar:
                Emit(emitter, scalar);
                break;

            case YamlSequence sequence:
                var style = sequence.Items.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block;
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, style));
                foreach (var item in sequence.Items)
                    Emit(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;

            case YamlMapping mapping:
                emitter.Emit(new MappingStart(
                    AnchorName.Empty,
                    TagName.Empty,
                    isImplicit: true,
                    mapping.Entries.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (key, entry) in mapping.Entries)
                {
                    // The keys of a document are words of its schema; "on" of a workflow is usually written without quotes.
                    Emit(emitter, new YamlScalar(key, IsString: !isDocument), isKey: true);
                    Emit(emitter, entry);
                }

                emitter.Emit(new MappingEnd());
                break;
        }
    }

    private static void Emit(Emitter emitter, YamlScalar scalar, bool isKey = false)
    {
        var style = StyleOf(scalar, isKey);
        emitter.Emit(new Scalar(
            AnchorName.Empty, TagName.Empty, scalar.Text, style, isPlainImplicit: true, isQuotedImplicit: style != ScalarStyle.Plain));
    }

    // Besides the rules of YAML, cases in which the emitter and common readers differ: tabs, blocks that start with a space, '*' in keys.
    private static ScalarStyle StyleOf(YamlScalar scalar, bool isKey)
    {
        var text = scalar.Text;
        if (!scalar.IsString)
            return ScalarStyle.Plain;
        if (text.Contains('\n', StringComparison.Ordinal))
            return isKey || char.IsWhiteSpace(text[0]) ? ScalarStyle.DoubleQuoted : ScalarStyle.Literal;
        if (text.Contains('\t', StringComparison.Ordinal))
            return ScalarStyle.DoubleQuoted;
        return !PlainScalars.ReadAsString(text) || (isKey && text.AsSpan().ContainsAny('*', '&'))
            ? ScalarStyle.SingleQuoted
            : ScalarStyle.Any;
    }

    // Lines without indentation are keys of the document or items of such a key, never text of a block, which is always indented.
    private static string SpaceOut(string text)
    {
        var spaced = new List<string>();
        var section = "";
        var isConditional = false;
        foreach (var line in text.Split('\n'))
        {
            // Items of a conditional block are indented once.
            if (line.StartsWith("- ", StringComparison.Ordinal))
                isConditional = line.StartsWith("- ${{", StringComparison.Ordinal);
            var isItem = line.StartsWith("- ", StringComparison.Ordinal)
                || (isConditional && line.StartsWith("  - ", StringComparison.Ordinal));
            var isKey = !isItem && line.Length > 0 && line[0] is not (' ' or '#');
            var isJob = section == "jobs:" && line.Length > 2 && line[1] == ' ' && line[2] != ' ';
            if (isKey)
                section = line;

            var isFirst = spaced.Count == 0 || spaced[^1].Length == 0 || spaced[^1] == section
                || spaced[^1].StartsWith("- ${{", StringComparison.Ordinal);
            if (!isFirst && (isKey || isJob || (isItem && section == "stages:")))
                spaced.Add("");
            spaced.Add(line);
        }

        return string.Join('\n', spaced);
    }
}
