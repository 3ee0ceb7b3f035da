using Nuke.Common.Execution;
using Nuke.Common.Utilities;
using Serilog;
using Serilog.Sinks.SystemConsole.Themes;

namespace Nuke.Common;

public partial class Host
{
    // The table and the logo keep their shape in viewers that fold spaces.
    private const char Space = '\u00A0';

    internal void OpenBuild(NukeBuild build)
    {
        if (build.IsOutputEnabled(DefaultOutput.Logo))
            WriteLogo();
        Information($"{Product.Engine} ({EnvironmentInfo.Platform},{EnvironmentInfo.Framework})");
        Information();
    }

    internal IDisposable OpenTarget(NukeBuild build, string target)
        => build.IsOutputEnabled(CollapsesBlocks ? DefaultOutput.TargetCollapse : DefaultOutput.TargetHeader)
            ? WriteBlock(target)
            : DelegateDisposable.CreateBracket();

    internal void CloseBuild(NukeBuild build)
    {
        if (build.IsOutputEnabled(DefaultOutput.ErrorsAndWarnings))
            WriteErrorsAndWarnings();
        if (build.IsOutputEnabled(DefaultOutput.TargetOutcome))
            WriteTargetOutcome(build);
        if (build.IsOutputEnabled(DefaultOutput.BuildOutcome))
            WriteBuildOutcome(build);
    }

    internal virtual bool CollapsesBlocks => false;

    protected internal void WriteLogo()
    {
        Debug();
        foreach (var line in Product.Logo)
            Debug(line.Replace(' ', Space));
        Debug();
    }

    protected internal virtual IDisposable WriteBlock(string text)
        => DelegateDisposable.CreateBracket(() =>
        {
            Debug();
            Debug("╬" + '═'.Repeat(text.Length + 5));
            foreach (var line in text.SplitLineBreaks())
                Debug($"║ {Theme.Format(ConsoleThemeStyle.LevelInformation, line)}");
            Debug("╬" + '═'.Repeat(Math.Max(text.Length - 4, 2)));
            Debug();
        });

    protected internal virtual void WriteErrorsAndWarnings()
    {
        var events = Logging.InMemorySink.Instance.LogEvents.Where(x => x.MessageTemplate.Text.Length > 0).ToList();
        if (events.Count == 0)
            return;

        using var block = WriteBlock("Errors & Warnings");
        using var logger = new LoggerConfiguration()
            .WriteTo.Console(
                outputTemplate: "[{Level:u3}] {ExecutingTarget}: {Message:l}{NewLine}",
                theme: Theme.ConsoleTheme,
                applyThemeToRedirectedOutput: true)
            .CreateLogger();
        events.ForEach(logger.Write);
    }

    protected internal virtual void WriteTargetOutcome(INukeBuild build)
    {
        var nameWidth = Math.Max(build.ExecutionPlan.Max(x => x.Name.Length) + 4, 19);
        var width = nameWidth + 20;

        Debug();
        Debug('═'.Repeat(width));
        Information(Row("Target", "Status", "Duration"));
        Debug('─'.Repeat(width));
        foreach (var target in build.ExecutionPlan.Where(x => x.Status != ExecutionStatus.Collective))
            GetWriter(target.Status)(RowOf(target));
        Debug('─'.Repeat(width));
        Information(Row("Total", string.Empty, Format(build.ExecutionPlan.Aggregate(TimeSpan.Zero, (sum, x) => sum + x.Duration))));
        Debug('═'.Repeat(width));

        string RowOf(ExecutableTarget target)
        {
            var hasRun = target.Status is ExecutionStatus.Succeeded or ExecutionStatus.Failed or ExecutionStatus.Aborted;
            var row = Row(target.Name, target.Status.ToString(), hasRun ? Format(target.Duration) : string.Empty);
            return target.SummaryInformation.Count > 0
                ? $"{row}{Space}{Space}{Space}// {target.SummaryInformation.Select(x => $"{x.Key}: {x.Value}").JoinCommaSpace()}"
                : row;
        }

        string Row(string target, string status, string duration)
            => target.PadRight(nameWidth, Space) + status.PadRight(10, Space) + duration.PadLeft(10, Space);

        static string Format(TimeSpan duration)
            => $"{(int)duration.TotalMinutes}:{duration:ss}" is var text && text == "0:00" ? "< 1sec" : text;

        static Action<string> GetWriter(ExecutionStatus status)
            => status switch
            {
                ExecutionStatus.Skipped => Debug,
                ExecutionStatus.Succeeded => Success,
                ExecutionStatus.Failed => Error,
                _ => Warning
            };
    }

    protected internal virtual void WriteBuildOutcome(INukeBuild build)
    {
        Debug();
        if (build.IsSucceeding)
            Success($"Build succeeded on {DateTime.Now}. ＼（＾ᴗ＾）／");
        else
            Error($"Build failed on {DateTime.Now}. (╯°□°）╯︵ ┻━┻");
    }
}
