namespace Gantry.AzurePipelines;

/// <summary>Converts the names of parameters of the build.</summary>
internal static class ParameterNames
{
    /// <summary>Returns the form used on the command line: <c>base-registry</c> for <c>BaseRegistry</c>.</summary>
    public static string Dashed(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
