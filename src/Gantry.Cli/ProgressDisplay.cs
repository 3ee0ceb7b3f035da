using Gantry.Copying;

namespace Gantry.Cli;

/// <summary>How progress is shown.</summary>
internal enum ProgressStyle
{
    /// <summary>Bars on a terminal, lines elsewhere.</summary>
    Auto,

    /// <summary>Bars.</summary>
    Bars,

    /// <summary>A line every few seconds.</summary>
    Lines,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>Shows how far a copy is: bars on a terminal, a line every few seconds in a log. What is over sooner shows nothing.</summary>
internal static class ProgressDisplay
{
    /// <summary>Shows progress until cancelled.</summary>
    public static Task ShowAsync(ProgressStyle style, CopyProgress progress, CommandContext context, CancellationToken cancellationToken) => style switch
    {
        ProgressStyle.None => Task.CompletedTask,
        ProgressStyle.Bars => ProgressBars.ShowAsync(progress, context, cancellationToken),
        ProgressStyle.Auto when IsTerminal => ProgressBars.ShowAsync(progress, context, cancellationToken),
        _ => ProgressLines.WriteAsync(progress, context.Error.WriteLine, context.Time, cancellationToken),
    };

    private static bool IsTerminal =>
        !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb"
        && Environment.GetEnvironmentVariable("TF_BUILD") is null && Environment.GetEnvironmentVariable("CI") is null;
}
