namespace Gantry.Cli.Init;

/// <summary>GAN7131 to GAN7143: a repository to which no build can be added, and options that do not fit it.</summary>
internal static class InitErrors
{
    public static GantryException NoRepository(string folder) =>
        new("GAN7131", $"the folder '{folder}' is in no git repository", "run git init there first: a release has the version of a commit");

    public static GantryException HasBuild(string file) =>
        new(
            "GAN7132",
            $"the repository has a build already: {file} exists",
            "if it has Gantry, run it; otherwise reference the package Gantry.Nuke in it (Gantry.ClosedFeed on a feed without NUKE), "
                + "and name the interfaces in its class (docs/tutorials/existing-nuke-build.md)");

    public static GantryException NoSolution(string root) =>
        new(
            "GAN7133",
            $"there is no solution in '{root}'",
            "create one with dotnet new sln and dotnet sln add, or name one with --solution");

    public static GantryException SeveralSolutions(IReadOnlyList<string> solutions) =>
        new("GAN7133", $"the repository has several solutions: {Format.List(solutions)}", "name the one to build with --solution");

    public static GantryException NoSuchFile(string option, string file) =>
        new("GAN7134", $"the file '{file}' of {option} does not exist", "name a file in the repository");

    public static GantryException NoService(IReadOnlyList<string> skipped) =>
        new(
            "GAN7135",
            $"no project of the solution is a service: {(skipped.Count > 0 ? string.Join("; ", skipped) : "it has none with such an SDK")}",
            "name the projects with --image NAME=PROJECT; a service has the SDK Web or Worker, or the output type Exe");

    public static GantryException NotAnImage(string text) =>
        new(
            "GAN7136",
            $"'{text}' names no image and its project",
            "write --image NAME=PROJECT, with a name of lower-case letters, digits, '-' and '.'");

    public static GantryException ImageTwice(string image, string first, string second) =>
        new(
            "GAN7137",
            $"the projects {first} and {second} both give the image '{image}'",
            "name each image with --image NAME=PROJECT");

    public static GantryException NotEvaluated(string project, string reason) =>
        new(
            "GAN7138",
            $"MSBuild cannot read {project}: {reason}",
            "correct it, or name the projects with --image NAME=PROJECT");

    public static GantryException NoFramework(string project) =>
        new(
            "GAN7139",
            $"the project {project} has no single target framework of .NET 8 or later",
            "set TargetFramework to the one that runs in the image, or name the other projects with --image NAME=PROJECT");

    public static GantryException NotADirectory(string folder) =>
        new("GAN7131", $"the folder '{folder}' does not exist", "name a folder of the repository");

    public static GantryException FileInTheWay(string file) =>
        new("GAN7140", $"the file {file} exists with another content", "rename it, or delete it when it is not needed");

    public static GantryException NoAnswer() =>
        new("GAN7141", "no person can answer here, and without an answer nothing is written", "look with --dry-run, and add --yes");

    public static GantryException NotAPattern(string text) =>
        new(
            "GAN7142",
            $"'{text}' gives all environments the same registry",
            "write {environment} where the names differ: contoso{environment}.azurecr.io; or name each with --base-registry, "
                + "--dev-registry and so on");

    public static GantryException NoProgram(string program, Exception inner) =>
        new("GAN7143", $"there is no '{program}' on the PATH", "install it: git, and the .NET SDK (https://dot.net/download)", inner);

    public static GantryException NotText(string option) =>
        new("GAN7136", $"the value of {option} has a quote or a line break, which the files cannot have", "leave them out");
}
