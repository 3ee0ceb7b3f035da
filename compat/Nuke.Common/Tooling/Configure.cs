using Nuke.Common.Utilities;
using Nuke.Common.Utilities.Collections;

namespace Nuke.Common.Tooling;

public delegate T Configure<T>(T options);

public delegate TOptions Configure<TOptions, in TValue>(TOptions options, TValue value)
    where TOptions : new();

public delegate IEnumerable<T> CombinatorialConfigure<T>(T options)
    where T : new();

public static class ConfigureExtensions
{
    public static T InvokeSafe<T>(this Configure<T> configurator, T obj)
        => configurator == null ? obj : configurator(obj);

    /// <summary>Runs a tool once for each of the options, some at a time, and logs their output one after the other.</summary>
    public static IReadOnlyCollection<(TOptions Options, IReadOnlyCollection<Output> Output)> Invoke<TOptions>(
        this CombinatorialConfigure<TOptions> configurator,
        Func<TOptions, IReadOnlyCollection<Output>> executor,
        int degreeOfParallelism,
        bool completeOnFailure)
        where TOptions : ToolOptions, new()
    {
        var all = configurator(new TOptions()).ToList();
        if (all.Count == 1)
            return [(all[0], executor(all[0]))];

        var runs = new Run<TOptions>[all.Count];
        var hasFailed = false;
        Parallel.For(0, all.Count, new ParallelOptions { MaxDegreeOfParallelism = degreeOfParallelism }, i =>
        {
            if (!Volatile.Read(ref hasFailed) || completeOnFailure)
                runs[i] = Execute(all[i], executor, ref hasFailed);
        });

        var exceptions = runs.Select(x => x?.Exception).WhereNotNull().ToList();
        return exceptions.Count switch
        {
            0 => runs.Select(x => (x.Options, x.Output)).ToList(),
            1 => throw exceptions[0],
            _ => throw new AggregateException(exceptions)
        };
    }

    private sealed record Run<TOptions>(TOptions Options, IReadOnlyCollection<Output> Output, Exception Exception);

    private static readonly Lock s_logLock = new();

    private static Run<TOptions> Execute<TOptions>(
        TOptions options, Func<TOptions, IReadOnlyCollection<Output>> executor, ref bool hasFailed)
        where TOptions : ToolOptions
    {
        Run<TOptions> run;
        try
        {
            run = new Run<TOptions>(options, executor(options.DisableProcessOutputLogging()), null);
        }
        catch (Exception exception)
        {
            Volatile.Write(ref hasFailed, true);
            run = new Run<TOptions>(options, (exception as ProcessException)?.Process.Output ?? [], exception.Unwrap());
        }

        if (options.ProcessOutputLogging ?? true)
        {
            lock (s_logLock)
                run.Output.ForEach(x => options.GetLogger()(x.Type, x.Text));
        }

        return run;
    }
}
