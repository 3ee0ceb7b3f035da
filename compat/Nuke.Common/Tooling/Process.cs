using System.Text;
using Nuke.Common.Utilities;

namespace Nuke.Common.Tooling;

public enum OutputType
{
    Std,
    Err
}

public struct Output
{
    public OutputType Type;
    public string Text;
}

public interface IProcess : IDisposable
{
    string FileName { get; }
    string Arguments { get; }
    string WorkingDirectory { get; }
    IReadOnlyCollection<Output> Output { get; }
    int Id { get; }
    int ExitCode { get; }
    bool HasExited { get; }

    void Kill();

    /// <summary>False if the process had to be killed because it took too long.</summary>
    bool WaitForExit();
}

public class ProcessException : Exception
{
    private const int ShownLines = 20;

    public ProcessException(IProcess process)
        : base(Format(process))
    {
        Process = process;
        ExitCode = process.ExitCode;
    }

    public int ExitCode { get; }

    internal IProcess Process { get; }

    private static string Format(IProcess process)
    {
        var message = new StringBuilder()
            .AppendLine($"Process '{Path.GetFileName(process.FileName)}' exited with code {process.ExitCode}.")
            .AppendLine($"   > {process.FileName.DoubleQuoteIfNeeded()} {process.Arguments}")
            .AppendLine($"   @ {process.WorkingDirectory}");
        Append("Error output:", process.Output.Where(x => x.Type == OutputType.Err));
        // Some tools say what is wrong on their standard output, which nobody has seen yet if it was not logged.
        if (process is ProcessTasks.RunningProcess { IsLogged: false })
            Append("Standard output ends with:", process.Output.Where(x => x.Type == OutputType.Std).TakeLast(ShownLines));
        return message.ToString();

        void Append(string heading, IEnumerable<Output> output)
        {
            var lines = output.ToList();
            if (lines.Count > 0)
                message.AppendLine(heading);
            lines.ForEach(x => message.AppendLine($"   {x.Text}"));
        }
    }
}

public static class ProcessExtensions
{
    public static IProcess AssertWaitForExit(this IProcess process)
    {
        Assert.True(process.NotNull().WaitForExit(), $"Process '{Path.GetFileName(process.FileName)}' took too long and was killed");
        return process;
    }

    public static IProcess AssertZeroExitCode(this IProcess process)
    {
        process.AssertWaitForExit();
        return process.ExitCode == 0 ? process : throw new ProcessException(process);
    }

    public static IReadOnlyCollection<Output> EnsureOnlyStd(this IReadOnlyCollection<Output> output)
    {
        foreach (var line in output)
            Assert.True(line.Type == OutputType.Std, $"Unexpected error output: {line.Text}");
        return output;
    }

    public static string StdToText(this IEnumerable<Output> output)
        => output.Where(x => x.Type == OutputType.Std).Select(x => x.Text).JoinNewLine();
}
