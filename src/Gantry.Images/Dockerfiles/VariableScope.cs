using Gantry.Oci;

namespace Gantry.Images.Dockerfiles;

/// <summary>
/// The variables that instructions can use. Before FROM: the target platform and the ARGs there. After FROM: the environment of the base
/// image, ENV, and the ARGs that were declared again.
/// </summary>
/// <seealso href="https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact">
/// Dockerfile reference, ARG and FROM
/// </seealso>
internal sealed class VariableScope
{
    private readonly Dictionary<string, string> _global = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _stage = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, string> _buildArguments;
    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);
    private readonly char _escape;
    private long _text;

    public VariableScope(Platform platform, IReadOnlyDictionary<string, string> buildArguments, char escape)
    {
        _buildArguments = buildArguments;
        _escape = escape;
        SetTarget("TARGETPLATFORM", platform.ToString());
        SetTarget("TARGETOS", platform.Os);
        SetTarget("TARGETARCH", platform.Architecture);
        SetTarget("TARGETVARIANT", platform.Variant ?? "");
    }

    /// <summary>The build arguments that no ARG declares, except for those that Docker knows without one.</summary>
    /// <seealso href="https://docs.docker.com/reference/dockerfile/#predefined-args">Dockerfile reference, predefined ARGs</seealso>
    public IEnumerable<string> UnusedArguments => _buildArguments.Keys
        .Where(name =>
            !_declared.Contains(name) && name != "SOURCE_DATE_EPOCH" && !name.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase))
        .Order(StringComparer.Ordinal);

    /// <summary>Declares the variables of an ARG before FROM.</summary>
    public void DeclareGlobal(ArgInstruction instruction)
    {
        foreach (var (name, fallback) in instruction.Arguments)
        {
            _declared.Add(name);
            if (_buildArguments.TryGetValue(name, out var given))
                _global[name] = given;
            else if (fallback is not null)
                _global[name] = ExpandGlobal(fallback, instruction.Location);
        }
    }

    /// <summary>Declares the variables of an ARG after FROM: without a default they take the value from before FROM.</summary>
    public void Declare(ArgInstruction instruction)
    {
        foreach (var (name, fallback) in instruction.Arguments)
        {
            _declared.Add(name);
            if (_buildArguments.TryGetValue(name, out var given))
                _stage[name] = given;
            else if (fallback is not null)
                _stage[name] = Expand(fallback, instruction.Location);
            else if (FindGlobal(name, instruction.Location) is { } inherited)
                _stage[name] = inherited;
        }
    }

    /// <summary>Sets a variable of the environment.</summary>
    public void Set(string name, string value) => _stage[name] = value;

    /// <summary>Expands a word before FROM, or of FROM itself.</summary>
    public string ExpandGlobal(string word, SourceLine location) =>
        Count(WordExpander.Expand(word, _escape, location, name => FindGlobal(name, location)), location);

    /// <summary>Expands a word after FROM.</summary>
    public string Expand(string word, SourceLine location) =>
        Count(WordExpander.Expand(word, _escape, location, _stage.GetValueOrDefault), location);

    /// <summary>Expands a word after FROM, which may become several words.</summary>
    public IReadOnlyList<string> ExpandToWords(string word, SourceLine location) =>
        [.. WordExpander.ExpandToWords(word, _escape, location, _stage.GetValueOrDefault).Select(part => Count(part, location))];

    /// <summary>Counts a text that is kept; throws <c>GAN3031</c> when all of them together are too large.</summary>
    public string Count(string text, SourceLine location) => (_text += text.Length) <= Limits.DockerfileText
        ? text
        : throw DockerfileErrors.TooLarge(
            location, $"the values of this file have more than {Limits.DockerfileText} characters", nameof(Limits.DockerfileText));

    private string? FindGlobal(string name, SourceLine location)
    {
        if (_global.TryGetValue(name, out var value))
            return value;
        return name is "BUILDPLATFORM" or "BUILDOS" or "BUILDOSVERSION" or "BUILDARCH" or "BUILDVARIANT"
            ? throw DockerfileErrors.NeedsEngine(
                location,
                $"the variable '{name}' depends on the machine that builds, so that the image would differ from machine to machine")
            : null;
    }

    private void SetTarget(string name, string value) => _global[name] = _buildArguments.GetValueOrDefault(name, value);
}
