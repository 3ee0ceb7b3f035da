using System.CommandLine;
using System.Text.Json.Nodes;
using Gantry.Display;

namespace Gantry.Cli.Init;

/// <summary><c>gantry init</c>: adds a build to a repository, after it has shown what it writes.</summary>
internal sealed class InitCommand
{
    private readonly Argument<string> _folder = new("folder")
    {
        Description = "A folder of the repository [default: the current one].",
        DefaultValueFactory = _ => ".",
    };

    private readonly Option<string?> _solution = new("--solution")
    {
        Description = "The solution, if there are several.",
        HelpName = "file",
    };

    private readonly Option<string[]> _images = new("--image")
    {
        Description = "An image and its project, once for each, instead of all services that are found.",
        HelpName = "name=project",
    };

    private readonly Option<string?> _pattern = new("--registry")
    {
        Description = "The registries: contoso{environment}.azurecr.io, where {environment} is base, dev, test or prod.",
        HelpName = "pattern",
    };

    private readonly IReadOnlyDictionary<string, Option<string?>> _registries = InitRegistries.Names.ToDictionary(
        name => name,
        name => new Option<string?>($"--{name}-registry")
        {
            Description = $"The registry of {name} [default: {InitRegistries.FolderOf(name)}].",
            HelpName = "address",
        });

    private readonly Option<PipelineHost?> _host = new("--ci")
    {
        Description = "Where the pipeline runs [default: what the remote 'origin' says].",
        CustomParser = result => ParseHost(result.Tokens[0].Value, result),
        HelpName = "azure-devops|github|none",
    };

    private readonly Option<string?> _connection = new("--service-connection")
    {
        Description = "The service connections of Azure Pipelines: contoso-{environment}.",
        HelpName = "pattern",
    };

    private readonly Option<string?> _approver = new("--approver")
    {
        Description = "Who approves a promotion to prod: a group of Azure DevOps, or user or organization/team of GitHub.",
        HelpName = "name",
    };

    private readonly Option<bool> _closedFeed = new("--closed-feed")
    {
        Description = "For package feeds that do not carry NUKE: use the package Gantry.ClosedFeed.",
    };

    private readonly Option<bool> _yes = new("--yes") { Description = "Write the files without a question." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only show what would be written." };
    private readonly Option<OutputFormat> _format = CopyArguments.CreateFormat();

    public static Command Create(CommandContext context)
    {
        var init = new InitCommand();
        var command = new Command(
            "init", "Adds a build to a repository: finds its services, asks for the registries, and shows what it writes before it writes.")
        {
            init._folder, init._solution, init._images, init._pattern,
        };
        foreach (var registry in init._registries.Values)
            command.Options.Add(registry);
        Option[] rest =
            [init._host, init._connection, init._approver, init._closedFeed, init._yes, init._dryRun, init._format];
        foreach (var option in rest)
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(init._pattern) is not null && init._registries.Values.Any(option => result.GetValue(option) is not null))
                result.AddError("Either --registry, or --base-registry and the others.");
        });
        command.SetAction((parsed, cancellationToken) => init.RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var json = parsed.GetValue(_format) == OutputFormat.Json;
        var asks = context.CanAsk && !json && !parsed.GetValue(_yes) && !parsed.GetValue(_dryRun);
        var choices = await ChooseAsync(context, parsed, asks, cancellationToken);
        var files = new InitPlanner(choices).Plan();
        if (!json)
            InitReport.Write(context.Report, choices, files);
        if (parsed.GetValue(_dryRun))
        {
            if (json)
                context.Out.WriteJson(Describe(choices, files, written: false));
            return files.All(file => file.IsWritten(choices.Root)) ? ExitCodes.Success : ExitCodes.WouldChange;
        }

        if (!parsed.GetValue(_yes))
        {
            if (!asks)
                throw InitErrors.NoAnswer();
            if (!await new TerminalQuestion(context).ConfirmAsync(
                [], $"Write {Format.Count(files.Count, "file")}?", cancellationToken))
            {
                context.Error.WriteLine("Nothing was written.");
                return ExitCodes.Failure;
            }
        }

        foreach (var file in files)
            file.Write(choices.Root);
        if (json)
            context.Out.WriteJson(Describe(choices, files, written: true));
        else
            InitReport.WriteNext(context.Report, choices.Root);
        return ExitCodes.Success;
    }

    private async Task<InitChoices> ChooseAsync(
        CommandContext context, ParseResult parsed, bool asks, CancellationToken cancellationToken)
    {
        var root = await FindRootAsync(parsed.GetRequiredValue(_folder), cancellationToken);
        foreach (var file in (string[])["build/_build.csproj", ".nuke/parameters.json", ".nuke", ".fallout"])
        {
            if (Path.Exists(Path.Combine(root, file)))
                throw InitErrors.HasBuild(file);
        }

        // What is wrong in the options is found before MSBuild is asked about projects, which takes seconds.
        var registries = ReadRegistries(parsed);

        // GitHub's names begin with a sign there, and without it here.
        var approver = Plain(_approver, parsed)?.TrimStart('@');
        var connection = Plain(_connection, parsed);
        var finder = new ProjectFinder(root);
        var solution = await FindSolutionAsync(finder, root, parsed.GetValue(_solution), cancellationToken);
        var services = parsed.GetValue(_images) is { Length: > 0 } images
            ? await finder.ReadAsync(images, cancellationToken)
            : await finder.FindAsync(solution, cancellationToken);
        var remote = await ChildProgram.RunAsync("git", root, ["remote", "get-url", "origin"], cancellationToken);
        var origin = RemoteOrigin.Parse(remote.Output);
        var host = parsed.GetValue(_host) ?? origin.Host;
        return new InitChoices(
            root,
            solution,
            services,
            registries ?? InitRegistries.FromAddresses(name => asks ? Ask(context, name) : null),
            host,
            approver ?? RemoteOrigin.ApproverOf(host, host == origin.Host ? origin.Owner : null, solution))
        {
            ServiceConnection = connection,
            IsFeedClosed = parsed.GetValue(_closedFeed),
        };
    }

    private static async Task<string> FindRootAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
            throw InitErrors.NotADirectory(folder);
        var top = await ChildProgram.RunAsync("git", folder, ["rev-parse", "--show-toplevel"], cancellationToken);
        return top.ExitCode == 0 ? Path.GetFullPath(top.Output.TrimEnd('\r', '\n')) : throw InitErrors.NoRepository(folder);
    }

    private static async Task<string> FindSolutionAsync(
        ProjectFinder finder, string root, string? named, CancellationToken cancellationToken)
    {
        if (named is not null)
        {
            var path = Path.GetRelativePath(root, Path.GetFullPath(named, root)).Replace('\\', '/');
            return File.Exists(Path.Combine(root, path)) ? path : throw InitErrors.NoSuchFile("--solution", named);
        }

        var solutions = await finder.ListAsync(["*.sln", "*.slnx"], cancellationToken);
        // One beside the others, at the top, is that of the repository.
        if (solutions.Count > 1 && solutions.Where(file => !file.Contains('/')).ToList() is [var atTop])
            return atTop;
        return solutions.Count switch
        {
            0 => throw InitErrors.NoSolution(root),
            1 => solutions[0],
            _ => throw InitErrors.SeveralSolutions(solutions),
        };
    }

    // Null when no option names a registry.
    private InitRegistries? ReadRegistries(ParseResult parsed)
    {
        if (Plain(_pattern, parsed) is { } pattern)
            return InitRegistries.FromPattern(pattern);
        return _registries.Values.Any(option => parsed.GetValue(option) is not null)
            ? InitRegistries.FromAddresses(name => Plain(_registries[name], parsed))
            : null;
    }

    private static string? Ask(CommandContext context, string name)
    {
        context.Report.Write($"Registry of {name} [{InitRegistries.FolderOf(name)}]: ");
        return context.In.ReadLine()?.Trim();
    }

    // What could end a string of C# or JSON early.
    private static string? Plain(Option<string?> option, ParseResult parsed)
    {
        var text = parsed.GetValue(option);
        return text?.Any(character => character == '"' || char.IsControl(character)) == true ? throw InitErrors.NotText(option.Name) : text;
    }

    private static PipelineHost? ParseHost(string text, System.CommandLine.Parsing.ArgumentResult result)
    {
        switch (text)
        {
            case "azure-devops":
                return PipelineHost.AzureDevOps;
            case "github":
                return PipelineHost.GitHub;
            case "none":
                return PipelineHost.None;
            default:
                result.AddError($"--ci is azure-devops, github or none, not '{text}'.");
                return null;
        }
    }

    private static JsonObject Describe(InitChoices choices, IReadOnlyList<PlannedFile> files, bool written) => new()
    {
        ["schema"] = 1,
        ["root"] = choices.Root,
        ["solution"] = choices.Solution,
        ["images"] = new JsonArray([.. choices.Services.Select(service => (JsonNode?)new JsonObject
        {
            ["name"] = service.Image,
            ["project"] = service.Path,
            ["baseImage"] = service.BaseImage,
        })]),
        ["files"] = new JsonArray([.. files.Select(file => (JsonNode?)file.Path)]),
        ["written"] = written,
    };
}
