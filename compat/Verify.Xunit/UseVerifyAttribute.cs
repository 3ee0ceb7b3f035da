using System.ComponentModel;
using System.Reflection;
using Xunit.Sdk;

namespace VerifyXunit;

/// <summary>Tells the verifier which test is running.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class UseVerifyAttribute : BeforeAfterTestAttribute
{
    private static readonly AsyncLocal<MethodInfo?> s_method = new();

    public override void Before(MethodInfo info) => s_method.Value = info;

    public override void After(MethodInfo info) => s_method.Value = null;

    public static MethodInfo GetMethod()
        => s_method.Value
            ?? throw new InvalidOperationException("No test is running, or its assembly lacks the attribute [assembly: UseVerify].");
}
