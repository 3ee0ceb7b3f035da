using System.Text.RegularExpressions;

namespace Gantry.Images.Dockerfiles;

/// <summary>Finds here-documents, whose lines are content and not instructions.</summary>
/// <seealso href="https://docs.docker.com/reference/dockerfile/#here-documents">Dockerfile reference, here-documents</seealso>
internal static partial class HereDocuments
{
    /// <summary>Returns the lines that end the here-documents of an instruction, in order.</summary>
    public static IEnumerable<string> Ends(string arguments) => Opening().Matches(arguments).Select(match => match.Groups["end"].Value);

    [GeneratedRegex(
        """(?<=^|\s)\d*<<-?(?<quote>["']?)(?<end>[A-Za-z_][A-Za-z0-9_.-]*)\k<quote>(?=\s|$)""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Opening();
}
