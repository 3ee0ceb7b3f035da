namespace Gantry.Images.Dockerfiles;

/// <summary>Converts keyword, flags and text to typed instructions.</summary>
internal static class InstructionReader
{
    public static Instruction Read(RawInstruction raw, ICollection<string> warnings)
    {
        // Instructions that have no flags reject every flag here.
        var flags = raw.Keyword switch
        {
            "FROM" => raw.ReadFlags("platform"),
            "COPY" => raw.ReadFlags("chown", "chmod", "link"),
            _ => raw.ReadFlags(),
        };
        if (raw.Arguments.Length == 0)
            throw DockerfileErrors.DockerfileSyntax(raw.Location, $"{raw.Keyword} has no argument");

        return raw.Keyword switch
        {
            "FROM" => ReadFrom(raw, flags),
            "ARG" => new ArgInstruction(raw.Location, ReadArguments(raw)),
            "COPY" => ReadCopy(raw, flags),
            "ENV" => new EnvInstruction(raw.Location, ReadPairs(raw)),
            "LABEL" => new LabelInstruction(raw.Location, ReadPairs(raw)),
            "WORKDIR" => new WorkdirInstruction(raw.Location, raw.Arguments),
            "USER" => new UserInstruction(raw.Location, raw.Arguments),
            "EXPOSE" => new ExposeInstruction(raw.Location, ArgumentSplitter.PlainWords(raw.Arguments)),
            "VOLUME" => new VolumeInstruction(raw.Location, WordsOrJson(raw)),
            "STOPSIGNAL" => new StopSignalInstruction(raw.Location, raw.Arguments),
            "ENTRYPOINT" => new EntrypointInstruction(raw.Location, ReadCommand(raw, warnings)),
            "CMD" => new CmdInstruction(raw.Location, ReadCommand(raw, warnings)),
            _ => throw DockerfileErrors.UnknownInstruction(raw.Location, raw.Keyword),
        };
    }

    private static FromInstruction ReadFrom(RawInstruction raw, IReadOnlyDictionary<string, string> flags)
    {
        var words = ArgumentSplitter.PlainWords(raw.Arguments);
        if (words.Count is not (1 or 3))
            throw DockerfileErrors.DockerfileSyntax(raw.Location, "FROM takes an image, or an image, AS and a name");
        if (words.Count == 3 && !words[1].Equals("AS", StringComparison.OrdinalIgnoreCase))
            throw DockerfileErrors.DockerfileSyntax(raw.Location, $"'{words[1]}' is used where FROM expects AS");
        if (words.Count == 3 && !IsStageName(words[2].ToLowerInvariant()))
            throw DockerfileErrors.DockerfileSyntax(raw.Location, $"'{words[2]}' is not a name for a stage");

        return new FromInstruction(raw.Location, words[0], flags.GetValueOrDefault("platform"));
    }

    private static bool IsStageName(string name) =>
        char.IsAsciiLetterLower(name[0]) && !name.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    private static List<KeyValuePair<string, string?>> ReadArguments(RawInstruction raw)
    {
        var arguments = new List<KeyValuePair<string, string?>>();
        foreach (var word in ArgumentSplitter.QuotedWords(raw.Arguments, raw.Escape))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals == 0)
                throw DockerfileErrors.DockerfileSyntax(raw.Location, $"'{word}' has no name before '='");
            arguments.Add(equals < 0 ? new(word, null) : new(word[..equals], word[(equals + 1)..]));
        }

        return arguments;
    }

    private static CopyInstruction ReadCopy(RawInstruction raw, IReadOnlyDictionary<string, string> flags)
    {
        var words = WordsOrJson(raw);
        if (words.Count < 2)
            throw DockerfileErrors.DockerfileSyntax(raw.Location, "COPY takes at least one source and a destination");
        foreach (var flag in (ReadOnlySpan<string>)["chown", "chmod"])
        {
            if (flags.TryGetValue(flag, out var value) && value.Length == 0)
                throw DockerfileErrors.DockerfileSyntax(raw.Location, $"the flag '--{flag}' has no value");
        }

        // --link changes how Docker stores the layer, not what is in it.
        if (flags.TryGetValue("link", out var link) && link is not ("" or "true" or "false"))
            throw DockerfileErrors.DockerfileSyntax(raw.Location, $"the flag '--link' is '{link}' and can only be true or false");

        return new CopyInstruction(raw.Location, [.. words.Take(words.Count - 1)], words[^1])
        {
            Chown = flags.GetValueOrDefault("chown"),
            Chmod = flags.GetValueOrDefault("chmod"),
        };
    }

    private static IReadOnlyList<string> WordsOrJson(RawInstruction raw) =>
        ArgumentSplitter.JsonStrings(raw.Arguments, raw.Location) is { } strings
            ? strings.Count > 0 ? strings : throw DockerfileErrors.DockerfileSyntax(raw.Location, $"{raw.Keyword} has an empty array")
            : ArgumentSplitter.PlainWords(raw.Arguments);

    // "NAME=value NAME=value", or the old form "NAME the rest of the line".
    private static List<KeyValuePair<string, string>> ReadPairs(RawInstruction raw)
    {
        var words = ArgumentSplitter.QuotedWords(raw.Arguments, raw.Escape);
        if (!words[0].Contains('=', StringComparison.Ordinal))
        {
            var parts = raw.Arguments.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
            return parts.Length == 2
                ? [new(parts[0], parts[1].TrimStart())]
                : throw DockerfileErrors.DockerfileSyntax(raw.Location, $"{raw.Keyword} '{raw.Arguments}' has no value");
        }

        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw DockerfileErrors.DockerfileSyntax(raw.Location, $"'{word}' is not of the form name=value");
            pairs.Add(new(word[..equals], word[(equals + 1)..]));
        }

        return pairs;
    }

    private static CommandLine ReadCommand(RawInstruction raw, ICollection<string> warnings)
    {
        if (ArgumentSplitter.JsonStrings(raw.Arguments, raw.Location) is { } arguments)
            return new CommandLine(arguments, Shell: false);

        if (raw.Arguments.StartsWith('[') && raw.Arguments.EndsWith(']'))
            warnings.Add(
                $"{raw.Location}: {raw.Keyword} {raw.Arguments} is not a JSON array (strings need double quotes) and will run in a shell");
        return new CommandLine([raw.Arguments], Shell: true);
    }
}
