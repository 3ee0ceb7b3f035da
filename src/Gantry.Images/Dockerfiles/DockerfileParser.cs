namespace Gantry.Images.Dockerfiles;

/// <summary>
/// Parses a Dockerfile. What Docker would refuse is an error; what only Docker can do is an <see cref="EngineRequirement"/>.
/// </summary>
/// <seealso href="https://docs.docker.com/reference/dockerfile/">Dockerfile reference</seealso>
internal sealed class DockerfileParser
{
    private readonly List<ArgInstruction> _globalArguments = [];
    private readonly List<Instruction> _instructions = [];
    private readonly List<string> _warnings = [];
    private readonly string _file;
    private FromInstruction? _from;
    private EngineRequirement? _engine;

    private DockerfileParser(string file) => _file = file;

    /// <summary>Parses the text of a Dockerfile; throws <c>GAN3002</c> or <c>GAN3004</c> for the first error.</summary>
    public static DockerfileDocument Parse(string file, string text) => new DockerfileParser(file).Parse(text);

    private DockerfileDocument Parse(string text)
    {
        var (directives, lines) = LogicalLineReader.Read(_file, text);
        if (directives.Syntax is { } syntax && !IsStandardSyntax(syntax))
            Require(new SourceLine(_file, 1), $"the syntax directive asks for the frontend '{syntax}'");

        // Another frontend may use another language.
        foreach (var line in _engine is null ? lines : [])
        {
            var raw = RawInstruction.Split(line, directives.Escape);
            if (raw.Keyword is "RUN" or "COPY" or "ADD" && HereDocuments.Ends(raw.Arguments).Any())
            {
                // The next lines are the here-document, not instructions.
                Require(raw.Location, $"{raw.Keyword} reads a here-document");
                break;
            }

            Add(raw);
        }

        if (_from is null && _engine is null)
            throw DockerfileErrors.DockerfileSyntax(new SourceLine(_file, 1), "the file has no FROM instruction");

        return new DockerfileDocument
        {
            File = _file,
            Escape = directives.Escape,
            GlobalArguments = _globalArguments,
            From = _from,
            Instructions = _instructions,
            EngineRequirement = _engine,
            Warnings = _warnings,
        };
    }

    private void Add(RawInstruction raw)
    {
        if (!EngineInstructions.IsKnown(raw.Keyword))
            throw DockerfileErrors.UnknownInstruction(raw.Location, raw.Keyword);
        if (_from is null && raw.Keyword is not ("FROM" or "ARG"))
            throw DockerfileErrors.DockerfileSyntax(raw.Location, $"{raw.Keyword} comes before FROM");
        if (EngineInstructions.FindEngineReason(raw) is { } reason)
        {
            Require(raw.Location, reason);
            return;
        }

        var instruction = InstructionReader.Read(raw, _warnings);
        switch (instruction)
        {
            case FromInstruction from when _from is null:
                _from = from;
                break;
            case FromInstruction:
                Require(raw.Location, "a second FROM makes this a build of several stages");
                break;
            case ArgInstruction arg when _from is null:
                _globalArguments.Add(arg);
                break;
            default:
                _instructions.Add(instruction);
                break;
        }
    }

    private void Require(SourceLine location, string reason) => _engine ??= new EngineRequirement(location, reason);

    // docker/dockerfile and its pinned versions are the supported language; "-labs" and others are not.
    private static bool IsStandardSyntax(string syntax)
    {
        var name = syntax.Split('@')[0];
        name = name.StartsWith("docker.io/", StringComparison.Ordinal) ? name["docker.io/".Length..] : name;
        return name is "docker/dockerfile" or "docker/dockerfile:latest"
            || (name.StartsWith("docker/dockerfile:1", StringComparison.Ordinal) && !name.Contains("labs", StringComparison.Ordinal));
    }
}
