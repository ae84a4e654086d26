using System.Reflection;
using Presence.LocalHost.Invocation.Catalog;

namespace Presence.LocalHost.Invocation;

/// <summary>Runs a function: its class is created from the services given, and gone when it has returned.</summary>
internal static class FunctionInvoker
{
    public static async Task<object?> InvokeAsync(FunctionDefinition function, FunctionInvocation invocation, IServiceProvider services)
    {
        var arguments = new object?[function.Parameters.Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = function.Parameters[i].Read(invocation);
        }

        var instance = function.Method.IsStatic ? null : ActivatorUtilities.CreateInstance(services, function.Method.DeclaringType!);
        try
        {
            var returned = function.Method.Invoke(instance, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
            return await ResultOf(returned);
        }
        finally
        {
            await DisposeAsync(instance);
        }
    }

    private static async Task<object?> ResultOf(object? returned)
    {
        switch (returned)
        {
            case null:
                return null;
            case ValueTask task:
                await task;
                return null;
            case Task task:
                await task;
                return ResultOfCompleted(task);
            default:
                if (AsTask(returned) is not { } valueTask)
                {
                    return returned;
                }

                await valueTask;
                return ResultOfCompleted(valueTask);
        }
    }

    private static Task? AsTask(object returned) =>
        returned.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>)
            ? (Task?)type.GetMethod(nameof(ValueTask<>.AsTask))!.Invoke(returned, null)
            : null;

    private static object? ResultOfCompleted(Task task)
    {
        // An async method without a result returns a Task of a type that is not public.
        var result = task.GetType().GetProperty(nameof(Task<>.Result));
        return result is { PropertyType.IsVisible: true } ? result.GetValue(task) : null;
    }

    private static ValueTask DisposeAsync(object? instance)
    {
        switch (instance)
        {
            case IAsyncDisposable asyncDisposable:
                return asyncDisposable.DisposeAsync();
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }

        return ValueTask.CompletedTask;
    }
}
