using Gantry.Images.Dockerfiles;

namespace Gantry.Images.Context;

/// <summary>A path that the Dockerfile copies although <c>.dockerignore</c> excludes it with everything in it.</summary>
public sealed class IgnoredSource
{
    private IgnoredSource(string path, string line, string rule) => (Path, Line, Rule) = (path, line, rule);

    /// <summary>The path, from the root of the build context.</summary>
    public string Path { get; }

    /// <summary>The ignore file and its line: <c>.dockerignore:2</c>.</summary>
    public string Line { get; }

    /// <summary>The rule that excludes the path.</summary>
    public string Rule { get; }

    /// <summary>
    /// Finds the ignored paths that the Dockerfile of a request copies. Paths with patterns or with variables that only an engine resolves
    /// are not examined. Throws <c>GAN3001</c> when there is no Dockerfile, and <c>GAN3016</c> for a malformed rule.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<IReadOnlyList<IgnoredSource>> FindAsync(ImageBuildRequest request, CancellationToken cancellationToken)
    {
        var copied = await DockerfileRequirements.FindCopiedPathsAsync(request, cancellationToken);
        var rules = await BuildContext.ReadRulesAsync(request, cancellationToken);
        return
        [
            .. from path in copied
               where path.Length > 0 && path.AsSpan().IndexOfAny("*?[\\$") < 0
               let rule = rules.FindExclusion(path)
               where rule is not null
               select new IgnoredSource(path, rule.Value.Line.ToString(), rule.Value.Text),
        ];
    }
}
