using System.Collections.ObjectModel;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Nuke.Common.IO;
using Nuke.Common.Utilities;

namespace Nuke.Common;

public static class EnvironmentInfo
{
    private static ArgumentParser s_argumentParser;

    internal static ArgumentParser ArgumentParser
    {
        get => s_argumentParser ??= new ArgumentParser(Environment.GetCommandLineArgs().Skip(1));
        set => s_argumentParser = value;
    }

    public static IReadOnlyCollection<string> CommandLineArguments => ArgumentParser.Arguments;

    public static ReadOnlyDictionary<string, string> Variables
    {
        get
        {
            var variables = new Dictionary<string, string>(IsWin ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
            foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
                variables[(string)entry.Key] = (string)entry.Value;
            return variables.AsReadOnly();
        }
    }

    public static AbsolutePath WorkingDirectory
    {
        get => Environment.CurrentDirectory;
        set => Environment.CurrentDirectory = value;
    }

    public static string NewLine => Environment.NewLine;
    public static string MachineName => Environment.MachineName;

    public static bool IsWin => OperatingSystem.IsWindows();
    public static bool IsLinux => OperatingSystem.IsLinux();
    public static bool IsOsx => OperatingSystem.IsMacOS();
    public static bool IsUnix => IsLinux || IsOsx;
    public static bool Is64Bit => Environment.Is64BitProcess;
    public static bool IsArm64 => RuntimeInformation.OSArchitecture == Architecture.Arm64;

    public static PlatformFamily Platform
    {
        get
        {
            if (IsWin)
                return PlatformFamily.Windows;
            if (IsLinux)
                return PlatformFamily.Linux;
            return IsOsx ? PlatformFamily.OSX : PlatformFamily.Unknown;
        }
    }

    public static FrameworkName Framework
        => new(
            (Assembly.GetEntryAssembly() ?? typeof(EnvironmentInfo).Assembly).GetCustomAttribute<TargetFrameworkAttribute>().FrameworkName);

    public static bool HasVariable(string name, bool allowEmpty = true)
        => GetVariable(name) is { } value && (allowEmpty || value.Length > 0);

    public static string GetVariable(string name)
        => Environment.GetEnvironmentVariable(name);

    public static T GetVariable<T>(string name, char? separator = null)
        => GetVariable(name) is { } value ? (T)ReflectionUtility.Convert(value, typeof(T), separator, booleanDefault: false) : default;

    public static void SetVariable(string name, string value)
        => Environment.SetEnvironmentVariable(name, value);

    public static bool HasArgument(string name)
        => ArgumentParser.HasArgument(name);

    public static bool HasArgument<T>(Expression<Func<T>> expression)
        => HasArgument(ReflectionUtility.GetMemberInfo((LambdaExpression)expression).Name);

    public static T GetNamedArgument<T>(string parameterName, char? separator = null)
        => (T)ArgumentParser.GetNamedArgument(parameterName, typeof(T), separator);
}
