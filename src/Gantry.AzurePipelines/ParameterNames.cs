namespace Gantry.AzurePipelines;

/// <summary>Names of parameters of the build.</summary>
internal static class ParameterNames
{
    /// <summary>As the command line has it: <c>BaseRegistry</c> is <c>base-registry</c>.</summary>
    public static string Dashed(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
