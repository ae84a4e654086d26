namespace Presence.Tests.Functions.Http;

/// <summary>The Functions host asks the functions one after the other, by name, and knows no precedence of routes.</summary>
public class RouteTests
{
    [Fact]
    public void EachRouteIsReachedByItsOwnFunction()
    {
        Assert.NotEmpty(DeclaredFunctions.WithMethods);
        foreach (var function in DeclaredFunctions.WithMethods)
        {
            Assert.All(function.Methods, method => Assert.Equal(function, First(function.PathWith("x"), method)));
        }
    }

    [Fact]
    public void WhatARouteDoesNotTakeIsAnsweredForItUnderTheSameKey()
    {
        foreach (var function in DeclaredFunctions.WithMethods)
        {
            var answering = First(function.PathWith("x"), "ODD");

            Assert.StartsWith("Unserved", answering?.Name, StringComparison.Ordinal);
            Assert.Equal((function.Name, function.Level), (function.Name, answering!.Level));
        }
    }

    [Fact]
    public void AFunctionThatGetsAnswersHeadAsWell() =>
        Assert.All(DeclaredFunctions.WithMethods, function => Assert.Equal(function.Methods.Contains("GET"), function.Methods.Contains("HEAD")));

    [Fact]
    public void EveryRouteThatEndsInAnIdHasAFormWithoutIt()
    {
        // The ids of connections are the service's own, those of webhooks this system's, and carried by every path.
        string[] carried = ["{connectionId}", "{webhookId}"];
        foreach (var function in DeclaredFunctions.WithMethods.Where(f => f.Route.EndsWith('}') && !carried.Any(id => f.Route.EndsWith(id, StringComparison.Ordinal))))
        {
            var parent = function.Route[..function.Route.LastIndexOf('/')];

            Assert.All(function.Methods, method => Assert.Contains(DeclaredFunctions.WithMethods, f => f.Route == parent && f.Methods.Contains(method)));
        }
    }

    private static DeclaredFunction? First(string path, string method) => DeclaredFunctions.All.FirstOrDefault(function =>
        (function.Methods.Count == 0 || function.Methods.Contains(method)) && function.Fits(path));
}
