using Mono.Cecil;
using Mono.Cecil.Cil;

namespace StubAssemblies;

/// <summary>Adds listed members to types. What has a body throws.</summary>
internal sealed class MemberMaker(Framework framework, TypeFinder types, Facts facts, Describer describer)
{
    public void Add(TypeDefinition type, ListedMember member)
    {
        switch (member)
        {
            case ListedMethod method:
                AddMethod(type, method);
                break;
            case ListedProperty property:
                AddProperty(type, property);
                break;
            case ListedField field:
                AddField(type, field);
                break;
            case ListedEvent @event:
                AddEvent(type, @event);
                break;
        }
    }

    /// <summary>Implements a method of an interface explicitly.</summary>
    public void Implement(TypeDefinition type, MethodDefinition asked)
    {
        const MethodAttributes attributes = MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final
            | MethodAttributes.NewSlot | MethodAttributes.HideBySig;
        var method = new MethodDefinition($"{asked.DeclaringType.FullName}.{asked.Name}", attributes, framework["System.Void"]);
        foreach (var generic in asked.GenericParameters)
            method.GenericParameters.Add(new GenericParameter(generic.Name, method));
        type.Methods.Add(method);
        method.ReturnType = types.Find(CecilNames.Of(asked.ReturnType), type.Module, method);
        foreach (var parameter in asked.Parameters)
            method.Parameters.Add(new ParameterDefinition(types.Find(CecilNames.Of(parameter.ParameterType), type.Module, method)));
        method.Overrides.Add(type.Module == asked.Module ? asked : type.Module.ImportReference(asked));
        ThrowIn(method);
    }

    private void AddMethod(TypeDefinition type, ListedMethod listed)
    {
        var said = facts.Of('M', listed.Type, listed.Name, listed.Signature).ToList();
        var method = new MethodDefinition(listed.Name, AttributesOf(type, listed.Modifiers, said), framework["System.Void"]);
        if (listed.Name == ".ctor")
            method.Attributes |= MethodAttributes.SpecialName | MethodAttributes.RTSpecialName;
        else if (listed.Name.StartsWith("op_", StringComparison.Ordinal))
            method.Attributes |= MethodAttributes.SpecialName | MethodAttributes.Static;
        foreach (var generic in listed.Generics)
            method.GenericParameters.Add(new GenericParameter(generic, method));
        type.Methods.Add(method);
        method.ReturnType = types.Find(listed.Returns, type.Module, method, type);
        foreach (var parameter in listed.Parameters)
            method.Parameters.Add(ParameterOf(method, listed, parameter));
        if (type.BaseType?.FullName == "System.MulticastDelegate")
            method.ImplAttributes = MethodImplAttributes.Runtime | MethodImplAttributes.Managed;
        else
            ThrowIn(method);
        describer.Describe(method, said);
        describer.AddAttributes(method.MethodReturnType, facts.Of('M', listed.Type, listed.Name, listed.Signature, "return"), type.Module);
    }

    private ParameterDefinition ParameterOf(MethodDefinition method, ListedMethod listed, ListedParameter parameter)
    {
        var said = facts.Of('M', listed.Type, listed.Name, listed.Signature, parameter.Name).ToList();
        var type = types.Find(parameter.Type, method.Module, method, method.DeclaringType);
        var definition = new ParameterDefinition(
            parameter.Name, ParameterAttributes.None, parameter.Passing.Length > 0 ? new ByReferenceType(type) : type)
        {
            IsOut = parameter.Passing == "out",
            IsIn = said.Contains("in"),
        };
        if (parameter.Default is { } value)
        {
            definition.Constant = Constants.ParseListed(value, parameter.Type);
            definition.IsOptional = true;
        }
        if (parameter.IsParams)
            describer.AddAttributes(definition, ["[System.ParamArrayAttribute()]"], method.Module);
        describer.AddAttributes(definition, said, method.Module);
        return definition;
    }

    private void AddProperty(TypeDefinition type, ListedProperty listed)
    {
        var said = facts.Of('P', listed.Type, listed.Name, listed.Name).ToList();
        var property = new PropertyDefinition(listed.Name, PropertyAttributes.None, types.Find(listed.PropertyType, type.Module, type));
        var attributes = AttributesOf(type, listed.Modifiers, said) | MethodAttributes.SpecialName;
        var index = IndexOf(type, said);
        if (listed.Get)
            property.GetMethod = AddAccessor(type, $"get_{listed.Name}", attributes, property.PropertyType, index);
        if (listed.Set)
        {
            if (said.Contains("protected set"))
                attributes = (attributes & ~MethodAttributes.MemberAccessMask) | MethodAttributes.Family;
            var returns = type.Module.ImportReference(framework["System.Void"]);
            if (said.Contains("init"))
                returns = new RequiredModifierType(
                    type.Module.ImportReference(framework["System.Runtime.CompilerServices.IsExternalInit"]), returns);
            property.SetMethod = AddAccessor(type, $"set_{listed.Name}", attributes, returns, [.. index, ("value", property.PropertyType)]);
        }
        type.Properties.Add(property);
        describer.AddAttributes(property, said, type.Module);
    }

    // index Type name, Type name
    private List<(string Name, TypeReference Type)> IndexOf(TypeDefinition type, List<string> said)
    {
        var index = said.Find(fact => fact.StartsWith("index ", StringComparison.Ordinal));
        return index is null ? [] : [.. index["index ".Length..].Split(", ").Select(parameter => parameter.Split(' '))
            .Select(parameter => (parameter[1], types.Find(parameter[0], type.Module, type)))];
    }

    private void AddField(TypeDefinition type, ListedField listed)
    {
        var said = facts.Of('F', listed.Type, listed.Name, listed.Name).ToList();
        var field = new FieldDefinition(listed.Name, FieldAttributes.Public, types.Find(listed.FieldType, type.Module, type));
        if (said.Find(fact => fact.StartsWith("const ", StringComparison.Ordinal)) is { } constant)
        {
            field.IsLiteral = true;
            field.IsStatic = true;
            var valueType = type.IsEnum ? type.Fields[0].FieldType.FullName : listed.FieldType;
            field.Constant = Constants.Parse(constant["const ".Length..], valueType);
        }
        field.IsStatic |= said.Exists(fact => fact.StartsWith("static", StringComparison.Ordinal));
        field.IsInitOnly = said.Exists(fact => fact.EndsWith("readonly", StringComparison.Ordinal));
        type.Fields.Add(field);
        describer.AddAttributes(field, said, type.Module);
    }

    private void AddEvent(TypeDefinition type, ListedEvent listed)
    {
        var @event = new EventDefinition(listed.Name, EventAttributes.None, types.Find(listed.EventType, type.Module, type));
        var attributes = AttributesOf(type, Modifiers.None, []) | MethodAttributes.SpecialName;
        var returns = type.Module.ImportReference(framework["System.Void"]);
        @event.AddMethod = AddAccessor(type, $"add_{listed.Name}", attributes, returns, [("value", @event.EventType)]);
        @event.RemoveMethod = AddAccessor(type, $"remove_{listed.Name}", attributes, returns, [("value", @event.EventType)]);
        type.Events.Add(@event);
    }

    private static MethodDefinition AddAccessor(
        TypeDefinition type,
        string name,
        MethodAttributes attributes,
        TypeReference returns,
        List<(string Name, TypeReference Type)> parameters)
    {
        var method = new MethodDefinition(name, attributes, returns);
        foreach (var parameter in parameters)
            method.Parameters.Add(new ParameterDefinition(parameter.Name, ParameterAttributes.None, parameter.Type));
        type.Methods.Add(method);
        ThrowIn(method);
        return method;
    }

    private static MethodAttributes AttributesOf(TypeDefinition type, Modifiers listed, List<string> said)
    {
        var attributes = MethodAttributes.HideBySig
            | (listed.Protected || said.Contains("protected") ? MethodAttributes.Family : MethodAttributes.Public)
            | (listed.Static || said.Contains("static") || said.Contains("static abstract") ? MethodAttributes.Static : 0);
        return attributes | (type.IsInterface ? OfInterface(said) : OfClass(listed, said));
    }

    private static MethodAttributes OfInterface(List<string> said)
    {
        if (said.Contains("static"))
            return 0;
        if (said.Contains("static abstract"))
            return MethodAttributes.Virtual | MethodAttributes.Abstract;
        return MethodAttributes.Virtual | MethodAttributes.NewSlot | (said.Contains("default") ? 0 : MethodAttributes.Abstract);
    }

    private static MethodAttributes OfClass(Modifiers listed, List<string> said)
    {
        if (said.Contains("sealed override"))
            return MethodAttributes.Virtual | MethodAttributes.Final;
        if (!listed.Abstract && !listed.Virtual)
            return 0;
        return MethodAttributes.Virtual
            | (listed.Abstract ? MethodAttributes.Abstract : 0)
            | (said.Contains("override") ? MethodAttributes.ReuseSlot : MethodAttributes.NewSlot);
    }

    private static void ThrowIn(MethodDefinition method)
    {
        if (method.IsAbstract)
            return;
        var body = method.Body.GetILProcessor();
        body.Emit(OpCodes.Ldnull);
        body.Emit(OpCodes.Throw);
    }
}
