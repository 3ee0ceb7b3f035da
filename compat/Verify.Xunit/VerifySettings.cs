using System.Text;

namespace VerifyTests;

public enum ScrubberLocation
{
    First,
    Last
}

public class VerifySettings
{
    private readonly List<Action<StringBuilder>> _scrubbers = [];
    private object?[]? _parameters;

    public VerifySettings()
    {
    }

    public VerifySettings(VerifySettings? settings)
    {
        if (settings is null)
            return;

        Directory = settings.Directory;
        FileName = settings.FileName;
        TypeName = settings.TypeName;
        MethodName = settings.MethodName;
        TextForParameters = settings.TextForParameters;
        ScrubsGuids = settings.ScrubsGuids;
        ScrubsDateTimes = settings.ScrubsDateTimes;
        _parameters = settings._parameters;
        _scrubbers.AddRange(settings._scrubbers);
    }

    public string? Directory { get; private set; }
    public bool HasParameters => _parameters != null;

    internal string? FileName { get; private set; }
    internal string? TypeName { get; private set; }
    internal string? MethodName { get; private set; }
    internal string? TextForParameters { get; private set; }
    internal object?[]? Parameters => _parameters;
    internal bool ScrubsGuids { get; private set; } = true;
    internal bool ScrubsDateTimes { get; private set; } = true;

    /// <summary>The folder of the snapshot, relative to the test's.</summary>
    public void UseDirectory(string directory) => Directory = directory;

    /// <summary>What the file is called in place of class, method and parameters.</summary>
    public void UseFileName(string fileName) => FileName = fileName;

    public void UseTypeName(string name) => TypeName = name;
    public void UseMethodName(string name) => MethodName = name;
    public void UseTextForParameters(string parametersText) => TextForParameters = parametersText;

    /// <summary>The parameters of this run of a theory, which become part of the file's name.</summary>
    public void UseParameters(params object?[] parameters) => _parameters = parameters;

    public void UseParameters<T>(T parameter) => UseParameters(new object?[] { parameter });
    public void UseParameters<T>(T[] parameters) => UseParameters(new object?[] { parameters });

    public void AddScrubber(Action<StringBuilder> scrubber, ScrubberLocation location = ScrubberLocation.First)
        => _scrubbers.Insert(location == ScrubberLocation.First ? 0 : _scrubbers.Count, scrubber);

    public void ScrubLinesWithReplace(Func<string, string?> replaceLine, ScrubberLocation location = ScrubberLocation.First)
        => AddScrubber(text => Replace(text, text.ToString().Split('\n').Select(replaceLine).Where(x => x != null)), location);

    public void ScrubLines(Func<string, bool> removeLine, ScrubberLocation location = ScrubberLocation.First)
        => AddScrubber(text => Replace(text, text.ToString().Split('\n').Where(x => !removeLine(x))), location);

    public void ScrubLinesContaining(params string[] stringToMatch)
        => ScrubLines(line => stringToMatch.Any(x => line.Contains(x, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Replaces GUIDs within a text; those that are the whole value of a member always are.</summary>
    public void ScrubInlineGuids(ScrubberLocation location = ScrubberLocation.First) => AddScrubber(new GuidScrubber().Scrub, location);

    public void DontScrubGuids() => ScrubsGuids = false;
    public void DontScrubDateTimes() => ScrubsDateTimes = false;

    internal void Scrub(StringBuilder text) => _scrubbers.ForEach(x => x(text));

    private static void Replace(StringBuilder text, IEnumerable<string?> lines) => text.Clear().AppendJoin('\n', lines);
}
