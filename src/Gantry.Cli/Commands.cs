using System.CommandLine;
using System.CommandLine.Parsing;
using Gantry.Cli.Init;
using Gantry.IO;

namespace Gantry.Cli;

/// <summary>The command line.</summary>
internal static class Commands
{
    /// <summary>Everything was done.</summary>
    public const int Success = 0;

    /// <summary>The command failed with an error message.</summary>
    public const int Failure = 1;

    /// <summary>The command line is not valid; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>
    /// A dry run found something that it would change, or a comparison something that differs. Without it both end with
    /// <see cref="Success"/>.
    /// </summary>
    public const int WouldChange = 3;

    /// <summary>What is to be verified is not signed.</summary>
    public const int NoProof = 4;

    /// <summary>What is signed does not count: another key, place or content.</summary>
    public const int InvalidProof = 5;

    /// <summary>The order of environments is broken, or the history has a gap.</summary>
    public const int BrokenChain = 6;

    /// <summary>All holds, and a person has let the image pass a check.</summary>
    public const int Bypassed = 7;

    /// <summary>A release in an environment stands on a base image that has moved on.</summary>
    public const int MovedBaseImage = 8;

    /// <summary>The command was cancelled with Ctrl-C (SIGINT).</summary>
    public const int Cancelled = 130;

    /// <summary>The command was cancelled by the signal SIGTERM.</summary>
    public const int Terminated = 143;

    /// <summary>The command was cancelled by the signal SIGHUP.</summary>
    public const int HungUp = 129;

    // Without response files: "@file" would bring text from elsewhere into messages, and a pipe of that name would block.
    private static readonly ParserConfiguration s_parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs a command line.</summary>
    public static async Task<int> RunAsync(string[] args, CommandContext context, CancellationToken cancellationToken)
    {
        var root = new RootCommand("Copies, inspects and verifies container images by digest, and shows what runs where.")
        {
            InitCommand.Create(context),
            CopyCommand.Create(context),
            InspectCommand.Create(context),
            VerifyCommand.Create(context),
            StatusCommand.Create(context),
            HistoryCommand.Create(context),
            AuditCommand.Create(context),
            ReportCommand.Create(context),
            PruneCommand.Create(context),
            GcCommand.Create(context),
            VerifyEnvironmentsCommand.Create(context),
            CheckBaseCommand.Create(context),
            DiffCommand.Create(context),
        };
        root.Options.Add(context.Verbose);
        root.Options.Add(context.Timeout);
        var parsed = root.Parse(args, s_parser);

        // The messages about a wrong command line repeat its arguments.
        if (parsed.Errors.Count > 0)
            parsed = root.Parse([.. args.Select(DisplayText.Neutralize)], s_parser);
        try
        {
            RefuseBlankOptions(parsed);
            var result = await parsed.InvokeAsync(context.Invocation, cancellationToken);
            return parsed.Errors.Count > 0 ? Usage : result;
        }
        catch (GantryException exception)
        {
            context.Write(parsed, exception, CliRemedies.MessageOf(exception));
            return Failure;
        }
        catch (Exception exception) when (ResourceLimits.Find(exception) is not null)
        {
            // In a part that takes no error of the system for its own: a token, a credential helper, a temporary file.
            context.Write(parsed, exception, ResourceLimits.Find(exception)!.Message);
            return Failure;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            context.Error.WriteLine("Stopped. No tag points to an incomplete image; run the same command again to continue.");
            return Cancelled;
        }
    }

    // A blank reason is none, and a blank host or platform is a variable without a value.
    private static void RefuseBlankOptions(ParseResult parsed)
    {
        foreach (var option in parsed.CommandResult.Children.OfType<OptionResult>())
        {
            if (option.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                throw CliErrors.BlankOption(option.Option.Name);
        }
    }
}
