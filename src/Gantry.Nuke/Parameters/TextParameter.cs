using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Parameters;

/// <summary>
/// A parameter whose name is only known at run time, from a declaration: <c>--staging-registry</c> of the environment "staging". The value
/// is read in the same way as the build system reads its own: from the command line, then environment variables (<c>StagingRegistry</c>, or
/// with the prefix of the build system), then <c>parameters.json</c> and the files of profiles.
/// </summary>
internal static class TextParameter
{
    /// <summary>Finds the value, or returns null when there is none.</summary>
    public static string? Find(string name, INukeBuild build)
    {
        var wanted = CommandLine.Normal(name);
        return FromCommandLine(wanted) ?? FromEnvironment(wanted) ?? FromFile(wanted, build);
    }

    /// <summary>Finds the value of what may only be in an environment variable, or returns null when there is none.</summary>
    public static string? FindVariable(string name) => FromEnvironment(CommandLine.Normal(name));

    private static string? FromCommandLine(string wanted) =>
        CommandLine.Find(CommandLine.Read(EnvironmentInfo.CommandLineArguments), wanted) is [var value, ..] ? value : null;

    private static string? FromEnvironment(string wanted) =>
        BuildSystem.VariablePrefixes.Append("").Select(prefix => Variable(prefix + wanted)).FirstOrDefault(value => value is not null);

    private static string? Variable(string wanted) =>
        EnvironmentInfo.Variables.FirstOrDefault(variable => variable.Value.Length > 0 && CommandLine.Normal(variable.Key) == wanted).Value;

    private static string? FromFile(string wanted, INukeBuild build) =>
        ParametersFile.Read(build).LastOrDefault(parameter => CommandLine.Normal(parameter.Name) == wanted).Values is [var value, ..]
            ? value
            : null;
}
