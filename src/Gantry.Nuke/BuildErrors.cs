using Gantry.Nuke.Parameters;
using Gantry.Oci;

namespace Gantry.Nuke;

/// <summary>GAN7xxx, GAN6020 and GAN4035: the build's parameters, versions and declarations. (GAN7001, GAN7002 and GAN7049 are in build.sh and build.ps1.)</summary>
internal static class BuildErrors
{
    public static GantryException UnknownParameter(string given, string? similar) =>
        new("GAN7003", $"there is no parameter {given}", similar is null ? "see --help for all of them" : $"use {similar}, or see --help for all of them");

    public static GantryException UnknownParameterInFile(string file, string given, string? similar) =>
        new("GAN7003", $"{file} has a value for the parameter {given}, which no member of the build class declares", similar is null ? "remove it there, or see --help for all parameters" : $"call it {similar}, or see --help for all parameters");

    public static GantryException ValueDoesNotParse(string origin, string value, string expected) =>
        new("GAN7004", $"{origin} has the value '{value}', which is not {expected}", $"give it {expected}");

    public static GantryException RequiredParameterMissing(string target, string parameter) =>
        new(
            "GAN7005",
            $"the target {target} needs the parameter {parameter}, which has no value",
            $"pass {parameter}, set it as an environment variable or write it into {BuildSystem.ParametersFile}");

    public static GantryException NoGit(string folder, string reason) =>
        new("GAN7006", $"the version cannot be determined from {folder}: {reason}", "build in a git clone, or specify the version with --release-version");

    public static GantryException UncommittedUnknown(string folder, string reason) =>
        new("GAN7006", $"the version cannot be determined from {folder}, whose uncommitted changes git cannot read: {reason}", "commit, ignore or remove what git names, or specify the version with --release-version");

    public static GantryException ShallowClone(string folder) =>
        new("GAN7007", $"{folder} is a shallow clone, from which GitVersion would calculate a wrong version", "fetch the history (git fetch --unshallow; fetchDepth: 0 in Azure Pipelines), or specify the version with --release-version");

    public static GantryException GitVersionFailed(string reason) =>
        new("GAN7008", $"GitVersion could not determine the version: {reason}", "run 'dotnet gitversion' to see its full output, or specify the version with --release-version");

    public static GantryException NotAVersion(string text) =>
        new("GAN7009", $"'{text}' is not a version", "write it as 1.4.2 or 1.5.0-rc.1 (semver.org 2.0.0)");

    public static GantryException ProjectNotInSolution(string image, string project, string solution) =>
        new("GAN7010", $"the project {project} of the image '{image}' is not part of {solution}", "correct Project in the declaration, or add the project to the solution");

    public static GantryException EnvironmentWithoutTarget(string environment, string target) =>
        new("GAN7011", $"the environment '{environment}' has no target", $"declare `Target {target} => _ => _.Promote(this, …)` in the build class");

    public static GantryException NothingBuilt(string file) =>
        new("GAN7012", $"there is no {file}, so there is nothing to push", "run BuildImage before PushBase, or promote an existing release with --release");

    public static GantryException ParametersFileUnreadable(string file, string reason, Exception inner) =>
        new("GAN7014", $"{file} cannot be read: {reason}", "correct the file", inner);

    public static GantryException ReservedImageName(string image, string folder) =>
        new("GAN7016", $"the image '{image}' would be published to {folder}, which belongs to the build", "give it another name");

    public static GantryException CannotStart(Exception cause) =>
        new("GAN7017", "the build cannot start: " + string.Join(" ", cause.Message.Split('\n', StringSplitOptions.TrimEntries).Take(2)).TrimEnd('.'), "correct the command line", cause);

    public static GantryException StoreHoldsReleases(string store, string place) =>
        new("GAN7018", $"images cannot be built into {store}, which is {place}", "leave --image-store out, or name a location without releases");

    public static GantryException Interrupted() =>
        new("GAN7020", "the build was interrupted", "run it again: it continues where it stopped, and no tag points to an incomplete image");

    public static GantryException ValueMissing(string parameter) =>
        new("GAN7041", $"{parameter} is given without a value", "write its value after it");

    public static GantryException UnknownTarget(string given, string? similar, IEnumerable<string> targets) =>
        new("GAN7042", $"there is no target '{given}'", similar is null ? "use one of " + string.Join(", ", targets) : $"use {similar}, or see --help for all of them");

    public static GantryException UnknownProfile(string file) =>
        new("GAN7043", $"there is no {file}, which --profile names", "correct the name of the profile, or write the file");

    public static GantryException NoRoot(string folder) =>
        new(
            "GAN7044",
            $"--root is {folder}, which is not a folder",
            $"give it the folder that has {BuildSystem.FolderName}, or leave it out");

    public static GantryException SeveralValues(string origin, IReadOnlyList<string> values) => new(
        "GAN7046",
        $"{origin} has {values.Count} values, {string.Join(" and ", values.Select(value => $"'{value}'"))}, but takes one",
        "put quotes around a value that has spaces, and name targets before the first parameter");

    public static GantryException GivenTwice(string parameter) =>
        new("GAN7047", $"{parameter} is given twice", "give it once; a list has its values one after the other");

    public static GantryException AnotherRun(string log) => new(
        "GAN7048",
        $"another run of this build is in progress in this folder: {log} is in use",
        "wait until it has ended, or run in another clone");

    public static GantryException ProjectNotFound(string image, string project, string fault) =>
        new("GAN7050", $"the project {project} of the image '{image}' {fault}", "correct Project in the declaration: a project file or the folder of one, from the root of the repository");

    public static GantryException DeclaredTwice(string member, string component, string build) =>
        new("GAN7051", $"the build class '{build}' declares {member}, and so does its component {component}", $"delete or rename {build}.{member}, or leave {component} out");

    public static GantryException DeclaredByTwoComponents(string member, string component, string other) =>
        new("GAN7051", $"the components {component} and {other} both declare {member}", "leave one of the two out of the build class");

    public static GantryException LogNotWritable(string log) =>
        new("GAN7052", $"the log {log} is not writable", "correct its permissions, or delete it: a run as another user may have left it");

    public static GantryException GatedEnvironment(string environment) =>
        new("GAN6020", $"the environment '{environment}' has gates, which a transfer with a Docker engine does not evaluate", "promote to it, or choose an environment without gates");

    public static GantryException StoreTagTaken(string location, string tag, Digest there, Digest built) =>
        new("GAN4035", $"the tag {location}:{tag} exists with another digest ({there}, not {built})", "build another version, or move this tag with --move-tag \"reason\"");
}
