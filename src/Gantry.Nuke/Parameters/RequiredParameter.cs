using System.Linq.Expressions;
using System.Reflection;

namespace Gantry.Nuke.Parameters;

/// <summary>What a target says that it needs: <c>.Requires(() => Release)</c>.</summary>
internal static class RequiredParameter
{
    /// <summary>The member that declares the parameter, or null for a requirement of another kind.</summary>
    public static MemberInfo? Of(LambdaExpression requirement)
    {
        var body = requirement.Body is UnaryExpression conversion ? conversion.Operand : requirement.Body;
        return body is MemberExpression { Member: var member } && member.IsDefined(typeof(ParameterAttribute)) ? member : null;
    }
}
