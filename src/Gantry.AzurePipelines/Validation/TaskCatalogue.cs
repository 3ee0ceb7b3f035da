using System.Collections.Frozen;

namespace Gantry.AzurePipelines.Validation;

/// <summary>The tasks that come with Azure DevOps, from the file that <c>.ci/task-catalogue</c> writes.</summary>
internal static class TaskCatalogue
{
    private const string Resource = "Tasks.txt";

    private static readonly Lazy<FrozenDictionary<string, KnownTask>> Tasks = new(() =>
        Read().ToFrozenDictionary(task => task.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>Gets the tasks.</summary>
    public static IEnumerable<KnownTask> All => Tasks.Value.Values;

    /// <summary>Finds a task by its name and version, of which only the major one counts; null when it is not known.</summary>
    public static KnownTask? Find(string task)
    {
        var at = task.IndexOf('@', StringComparison.Ordinal);
        var dot = task.IndexOf('.', at + 1);
        return Tasks.Value.GetValueOrDefault(dot < 0 ? task : task[..dot]);
    }

    private static List<KnownTask> Read()
    {
        using var stream = typeof(TaskCatalogue).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"the assembly has no resource '{Resource}'");
        using var reader = new StreamReader(stream);
        var tasks = new List<KnownTask>();
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#') && line.Length > 0)
                tasks.Add(Parse(line.Split(' ')));
        }

        return tasks;
    }

    private static KnownTask Parse(string[] words) => new(
        words[0].TrimEnd('*'),
        [.. words[1..].Select(word => new TaskInput(word.TrimEnd('!').Split('|'), word.EndsWith('!')))],
        words[0].EndsWith('*'));
}

/// <summary>A task.</summary>
/// <param name="Name">The name with the major version: <c>AzureCLI@2</c>.</param>
/// <param name="Inputs">The inputs.</param>
/// <param name="IsOpen">True when it has inputs that are not known here.</param>
internal sealed record KnownTask(string Name, IReadOnlyList<TaskInput> Inputs, bool IsOpen);

/// <summary>An input of a task.</summary>
/// <param name="Names">The name, and other names for it.</param>
/// <param name="IsRequired">True when the task always needs it.</param>
internal sealed record TaskInput(IReadOnlyList<string> Names, bool IsRequired)
{
    /// <summary>Gets the name that people should use.</summary>
    public string Name => Names[0];

    /// <summary>True when a name is one of its own.</summary>
    public bool IsCalled(string name) => Names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
