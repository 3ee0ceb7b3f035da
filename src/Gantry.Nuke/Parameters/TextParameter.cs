namespace Gantry.Nuke.Parameters;

/// <summary>
/// A parameter whose name is known only when the declaration is: <c>--staging-registry</c> of the environment "staging". It is read as
/// NUKE reads its own: command line, then environment (<c>StagingRegistry</c>, <c>NUKE_STAGING_REGISTRY</c>), then
/// <c>.nuke/parameters.json</c> and the files of profiles.
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
        CommandLine.Read(EnvironmentInfo.CommandLineArguments).FirstOrDefault(parameter => CommandLine.Normal(parameter.Name) == wanted).Values is [var value, ..] ? value : null;

    private static string? FromEnvironment(string wanted) =>
        EnvironmentInfo.Variables
            .Where(variable => CommandLine.Normal(variable.Key) is var name && (name == wanted || name == "NUKE" + wanted))
            .Select(variable => variable.Value)
            .FirstOrDefault(value => value.Length > 0);

    private static string? FromFile(string wanted, INukeBuild build) =>
        ParametersFile.Read(build.RootDirectory).LastOrDefault(parameter => CommandLine.Normal(parameter.Name) == wanted).Values is [var value, ..] ? value : null;
}
