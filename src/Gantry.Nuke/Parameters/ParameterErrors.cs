using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Parameters;

/// <summary>
/// GAN7xxx: parameters, targets and members of a build class. (GAN7001, GAN7002 and GAN7049 are in build.sh and build.ps1.)
/// </summary>
internal static class ParameterErrors
{
    public static GantryException UnknownParameter(string given, string? similar) =>
        new(
            "GAN7003",
            $"there is no parameter {given}",
            similar is null ? "see --help for all of them" : $"use {similar}, or see --help for all of them");

    public static GantryException UnknownParameterInFile(string file, string given, string? similar) =>
        new(
            "GAN7003",
            $"{file} has a value for the parameter {given}, which no member of the build class declares",
            similar is null ? "remove it there, or see --help for all parameters" : $"call it {similar}, or see --help for all parameters");

    public static GantryException OnlyInEnvironment(string origin, string variable) =>
        new(
            "GAN8081",
            $"{origin} is no parameter: a command line and a file would show the credential for a registry",
            $"set the environment variable {variable}: a secret of the build server, or in your own shell");

    public static GantryException ValueDoesNotParse(string origin, string value, string expected) =>
        new("GAN7004", $"{origin} has the value {Format.Refused(value)}, which is not {expected}", $"give it {expected}");

    public static GantryException ActiveValue(string variable, string value) =>
        new(
            "GAN7061",
            $"the environment variable {variable} has the value {Format.Refused(value)}, which would act on a terminal or an agent",
            "remove the variable, or correct its value");

    public static GantryException RequiredParameterMissing(string target, string parameter) =>
        new(
            "GAN7005",
            $"the target {target} needs the parameter {parameter}, which has no value",
            $"pass {parameter}, set it as an environment variable or write it into {BuildSystem.ParametersFile}");

    public static GantryException ParametersFileUnreadable(string file, string reason, Exception inner) =>
        new("GAN7014", $"{file} cannot be read: {reason}", "correct the file", inner);

    public static GantryException CannotStart(Exception cause) =>
        new(
            "GAN7017",
            "the build cannot start: "
                + string.Join(" ", WithoutValues(cause.Message).Split('\n', StringSplitOptions.TrimEntries).Take(2)).TrimEnd('.'),
            "correct the command line",
            cause);

    public static GantryException ValueMissing(string parameter) =>
        new("GAN7041", $"{parameter} is given without a value", "write its value after it");

    public static GantryException UnusedParameter(string given, IReadOnlyList<string> chosen, IReadOnlyList<string> users)
    {
        var run = chosen.Count == 0 ? "the targets of this run" : string.Join(", ", chosen);
        var problem = $"{given} is given, and neither {run} nor anything that runs with it uses it";
        return users.Count == 0
            ? new("GAN7053", problem, "leave it out")
            : new("GAN7053", $"{problem}: it belongs to {string.Join(", ", users)}", "leave it out, or run a target that uses it");
    }

    public static GantryException BlankValue(string parameter) =>
        new("GAN7054", $"{parameter} has a blank value", "write the value or the reason, or leave the parameter out");

    public static GantryException Macro(string origin, int position) =>
        new(
            "GAN7055",
            $"{origin} has a value with '$(' at character {position + 1}, where Azure Pipelines puts the value of a variable or a secret",
            "define the variable that it names, or write the value itself");

    public static GantryException NoDryRun(string target) =>
        new(
            "GAN7056",
            $"the target {target} runs with --dry-run, and does not declare that it changes nothing then",
            "run the other targets only, or add .UsesParameters(nameof(IHazDryRun.DryRun)) to a target that respects it");

    public static GantryException UnknownTarget(string given, string? similar, IEnumerable<string> targets) =>
        new(
            "GAN7042",
            $"there is no target {(similar is null ? Format.Refused(given) : $"'{given}'")}",
            similar is null ? Format.Choice(targets, "declare it first") : $"use {similar}, or see --help for all of them");

    public static GantryException UnknownProfile(string file) =>
        new("GAN7043", $"there is no {file}, which --profile names", "correct the name of the profile, or write the file");

    public static GantryException NoRoot(string folder) =>
        new(
            "GAN7044",
            $"--root is {folder}, which is not a folder",
            $"give it the folder that has {BuildSystem.FolderName}, or leave it out");

    public static GantryException SeveralValues(string origin, IReadOnlyList<string> values) => new(
        "GAN7046",
        $"{origin} has {Format.Count(values.Count, "value")}, {string.Join(" and ", values.Select(Format.Refused))}, but takes one",
        "put quotes around a value that has spaces, and name targets before the first parameter");

    public static GantryException GivenTwice(string parameter) =>
        new("GAN7047", $"{parameter} is given twice", "give it once; a list has its values one after the other");

    public static GantryException DeclaredTwice(string member, string component, string build) =>
        new(
            "GAN7051",
            $"the build class '{build}' declares {member}, and so does its component {component}",
            $"delete or rename {build}.{member}, or leave {component} out");

    public static GantryException DeclaredByTwoComponents(string member, string component, string other) =>
        new("GAN7051", $"the components {component} and {other} both declare {member}", "leave one of the two out of the build class");

    // The build system quotes what it could not convert: an argument, or the value of an environment variable.
    private static string WithoutValues(string message) => EnvironmentInfo.CommandLineArguments
        .Concat(EnvironmentInfo.Variables.Values)
        .Where(value => value.Length > 0)
        .Distinct()
        .OrderByDescending(value => value.Length)
        .Aggregate(message, (text, value) => text.Replace($"'{value}'", Format.Refused(value), StringComparison.Ordinal));
}
