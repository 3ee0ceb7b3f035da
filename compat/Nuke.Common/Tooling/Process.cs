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
        var errors = process.Output.Where(x => x.Type == OutputType.Err).ToList();
        if (errors.Count > 0)
            message.AppendLine("Error output:");
        errors.ForEach(x => message.AppendLine($"   {x.Text}"));
        return message.ToString();
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
