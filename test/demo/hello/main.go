// A tiny HTTP service: a greeting with its version and host, and a health check.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const version = "1"

func main() {
	greeting := cmp.Or(os.Getenv("GREETING"), "Hello")
	host, err := os.Hostname()
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s from version %s on %s\n", greeting, version, host)
	})
	http.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "ok")
	})
	server := &http.Server{
		Addr:              ":" + cmp.Or(os.Getenv("PORT"), "8080"),
		ReadHeaderTimeout: 5 * time.Second,
	}

	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	finished := make(chan error)
	go func() {
		<-stop.Done()
		log.Print("told to stop: finishing open requests")
		limit, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		finished <- server.Shutdown(limit)
	}()

	log.Printf("version %s listens on %s", version, server.Addr)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
	if err := <-finished; err != nil {
		log.Fatal(err)
	}
}
