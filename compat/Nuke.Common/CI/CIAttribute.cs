using System.Reflection;
using Nuke.Common.Utilities;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.CI;

/// <summary>The host, if the build runs on it.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Field | AttributeTargets.Property)]
public class CIAttribute : ValueInjectionAttributeBase
{
    public override object GetValue(MemberInfo member, object instance)
        => member.GetMemberType().IsInstanceOfType(Host.Instance) ? Host.Instance : null;
}
