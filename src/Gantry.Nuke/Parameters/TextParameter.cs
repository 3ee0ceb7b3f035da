namespace Gantry.Nuke.Parameters;

/// <summary>
/// A parameter whose name is known only when the declaration is: <c>--staging-registry</c> of the environment "staging". It is read as
/// the build system reads its own: command line, then environment (<c>StagingRegistry</c>, or with the prefix of the build system), then
/// <c>parameters.json</c> and the files of profiles.
/// </summary>
internal static class TextParameter
{
    /// <summary>The value, or null when nobody gave one.</summary>
    public static string? Find(string name, INukeBuild build)
    {
        var wanted = CommandLine.Normal(name);
        return FromCommandLine(wanted) ?? FromEnvironment(wanted) ?? FromFile(wanted, build);
    }

    private static string? FromCommandLine(string wanted) =>
        CommandLine.Find(CommandLine.Read(EnvironmentInfo.CommandLineArguments), wanted) is [var value, ..] ? value : null;

    private static string? FromEnvironment(string wanted) =>
        BuildSystem.VariablePrefixes.Append("").Select(prefix => Variable(prefix + wanted)).FirstOrDefault(value => value is not null);

    private static string? Variable(string wanted) =>
        EnvironmentInfo.Variables.FirstOrDefault(variable => variable.Value.Length > 0 && CommandLine.Normal(variable.Key) == wanted).Value;

    private static string? FromFile(string wanted, INukeBuild build) =>
        ParametersFile.Read(build).LastOrDefault(parameter => CommandLine.Normal(parameter.Name) == wanted).Values is [var value, ..] ? value : null;
}
