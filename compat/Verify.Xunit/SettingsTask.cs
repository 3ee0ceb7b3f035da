using System.Runtime.CompilerServices;
using System.Text;

namespace VerifyTests;

public class VerifyResult
{
    internal VerifyResult(string verifiedFile) => Files = [verifiedFile];

    public IEnumerable<string> Files { get; }
}

/// <summary>A comparison whose settings can be changed until it is awaited.</summary>
public class SettingsTask
{
    private readonly Func<VerifySettings, Task<VerifyResult>> _buildTask;
    private readonly VerifySettings _settings;
    private Task<VerifyResult>? _task;

    public SettingsTask(VerifySettings? settings, Func<VerifySettings, Task<VerifyResult>> buildTask)
    {
        _settings = new VerifySettings(settings);
        _buildTask = buildTask;
    }

    public VerifySettings CurrentSettings
        => _task == null
            ? _settings
            : throw new InvalidOperationException("The comparison has been started; its settings can no longer be changed.");

    public static implicit operator Task<VerifyResult>(SettingsTask settingsTask) => settingsTask.ToTask();

    public Task<VerifyResult> ToTask() => _task ??= _buildTask(_settings);
    public TaskAwaiter<VerifyResult> GetAwaiter() => ToTask().GetAwaiter();
    public ConfiguredTaskAwaitable<VerifyResult> ConfigureAwait(bool continueOnCapturedContext) =>
        ToTask().ConfigureAwait(continueOnCapturedContext);

    public SettingsTask UseDirectory(string directory) => With(x => x.UseDirectory(directory));
    public SettingsTask UseFileName(string fileName) => With(x => x.UseFileName(fileName));
    public SettingsTask UseTypeName(string name) => With(x => x.UseTypeName(name));
    public SettingsTask UseMethodName(string name) => With(x => x.UseMethodName(name));
    public SettingsTask UseTextForParameters(string parametersText) => With(x => x.UseTextForParameters(parametersText));
    public SettingsTask UseParameters(params object?[] parameters) => With(x => x.UseParameters(parameters));
    public SettingsTask UseParameters<T>(T parameter) => With(x => x.UseParameters(parameter));
    public SettingsTask UseParameters<T>(T[] parameters) => With(x => x.UseParameters(parameters));

    public SettingsTask AddScrubber(Action<StringBuilder> scrubber, ScrubberLocation location = ScrubberLocation.First)
        => With(x => x.AddScrubber(scrubber, location));

    public SettingsTask ScrubLines(Func<string, bool> removeLine, ScrubberLocation location = ScrubberLocation.First)
        => With(x => x.ScrubLines(removeLine, location));

    public SettingsTask ScrubLinesWithReplace(Func<string, string?> replaceLine, ScrubberLocation location = ScrubberLocation.First)
        => With(x => x.ScrubLinesWithReplace(replaceLine, location));

    public SettingsTask ScrubLinesContaining(params string[] stringToMatch) => With(x => x.ScrubLinesContaining(stringToMatch));
    public SettingsTask ScrubInlineGuids(ScrubberLocation location = ScrubberLocation.First) => With(x => x.ScrubInlineGuids(location));
    public SettingsTask DontScrubGuids() => With(x => x.DontScrubGuids());
    public SettingsTask DontScrubDateTimes() => With(x => x.DontScrubDateTimes());

    private SettingsTask With(Action<VerifySettings> change)
    {
        change(CurrentSettings);
        return this;
    }
}
