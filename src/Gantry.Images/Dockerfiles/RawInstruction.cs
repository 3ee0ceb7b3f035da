namespace Gantry.Images.Dockerfiles;

/// <summary>An instruction split into keyword, flags and remaining text.</summary>
/// <param name="Location">The position of the instruction.</param>
/// <param name="Keyword">The keyword in upper case.</param>
/// <param name="Flags">The leading words that begin with <c>--</c>.</param>
/// <param name="Arguments">The rest.</param>
/// <param name="Escape">The escape character of the file.</param>
internal sealed record RawInstruction(SourceLine Location, string Keyword, IReadOnlyList<string> Flags, string Arguments, char Escape)
{
    public static RawInstruction Split(LogicalLine line, char escape)
    {
        var end = line.Text.AsSpan().IndexOfAny(" \t\v\f\u00a0");
        var keyword = (end < 0 ? line.Text : line.Text[..end]).ToUpperInvariant();
        var (flags, rest) = end < 0 ? ([], "") : ArgumentSplitter.TakeFlags(line.Text[end..], escape);
        return new RawInstruction(line.Location, keyword, flags, rest, escape);
    }

    /// <summary>
    /// Reads the values of the flags by name (<c>""</c> for a flag without a value); throws <c>GAN3002</c> for an unknown or repeated flag.
    /// </summary>
    public IReadOnlyDictionary<string, string> ReadFlags(params ReadOnlySpan<string> known)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var flag in Flags)
        {
            var equals = flag.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? flag[2..] : flag[2..equals];
            if (!known.Contains(name))
                throw DockerfileErrors.DockerfileSyntax(Location, $"{Keyword} has no flag '--{name}'");
            if (!values.TryAdd(name, equals < 0 ? "" : flag[(equals + 1)..]))
                throw DockerfileErrors.DockerfileSyntax(Location, $"the flag '--{name}' is given twice");
        }

        return values;
    }

    /// <summary>Returns true when the flag is present, with or without a value.</summary>
    public bool HasFlag(string name) => Flags.Any(flag => flag == $"--{name}" || flag.StartsWith($"--{name}=", StringComparison.Ordinal));
}
