using Gantry.Display;

namespace Gantry.Cli.Init;

/// <summary>Shows what is written into a repository, before and after.</summary>
internal static class InitReport
{
    public static void Write(TerminalOutput output, InitChoices choices, IReadOnlyList<PlannedFile> files)
    {
        output.WriteLine($"Solution    {choices.Solution}");
        var images = choices.Services.Max(service => service.Image.Length);
        foreach (var (index, service) in choices.Services.Index())
            output.WriteLine($"{(index == 0 ? "Images" : ""),-12}{service.Image.PadRight(images)}  {service.Path} on {service.BaseImage}");
        foreach (var (index, name) in InitRegistries.Names.Index())
            output.WriteLine($"{(index == 0 ? "Registries" : ""),-12}{name,-6}{choices.Registries.ByName[name]}");
        output.WriteLine(choices.Host switch
        {
            PipelineHost.None => "Pipeline    none",
            PipelineHost.GitHub => $"Pipeline    GitHub Actions; {choices.Approver} approves prod",
            _ => (DisplayText)$"Pipeline    Azure Pipelines; {choices.Approver} approves prod",
        });
        output.WriteLine();
        output.WriteLine("build/Build.cs:");
        foreach (var line in files[0].Content.TrimEnd('\n').Split('\n'))
            output.WriteLine($"  {line}");
        output.WriteLine();
        output.WriteLine("Files:");
        foreach (var file in files)
        {
            var exists = File.Exists(Path.Combine(choices.Root, file.Path));
            output.WriteLine($"  {(exists ? "change" : "add"),-8}{file.Path}");
            foreach (var line in file.Added)
                output.WriteLine($"          + {line}");
        }

        output.WriteLine();
    }

    public static void WriteNext(TerminalOutput output, string root)
    {
        output.WriteLine($"Written to {root}. Next:");
        output.WriteLine();
        output.WriteLine("  git add . && git commit -m \"Add the build\"");
        if (OperatingSystem.IsWindows())
            output.WriteLine("  git update-index --chmod=+x build.sh     (before the commit)");
        output.WriteLine($"  {(OperatingSystem.IsWindows() ? @".\build.ps1" : "./build.sh")} PromoteDev");
        output.WriteLine();
        output.WriteLine("The first run writes the files of the pipeline and of your editor. Commit them, too.");
    }
}
